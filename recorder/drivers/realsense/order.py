"""Numbers and times of a camera that only go up, whatever it says."""

import logging
from dataclasses import dataclass

logger = logging.getLogger(__name__)
LEAP_NS = 1_000_000_000


@dataclass(slots=True)
class _Last:
    """Of a frame: as the camera had it, and as it was passed on."""

    said_number: int
    number: int
    said_ns: int
    device_ns: int
    arrived_ns: int


class Order:
    """A camera that was plugged in again counts from its beginning, and some of its clocks leap, by
    years (librealsense issue 4505). The count goes on, and the clock with what the host's says has
    passed; each leap is logged."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._last: _Last | None = None

    def next(self, number: int, device_ns: int, arrived_ns: int) -> tuple[int, int] | None:
        """Number and device time in nanoseconds of a frame that came at ``arrived_ns`` of the
        host's clock; None of one that came before. A gap of numbers stays: these frames were
        lost."""
        last = self._last
        if last is not None and (number, device_ns) == (last.said_number, last.said_ns):
            return None
        found = (
            (number, device_ns)
            if last is None
            else self._after(last, number, device_ns, arrived_ns)
        )
        self._last = _Last(number, found[0], device_ns, found[1], arrived_ns)
        return found

    def _after(self, last: _Last, number: int, device_ns: int, arrived_ns: int) -> tuple[int, int]:
        counted = number - last.said_number
        passed_ns, waited_ns = device_ns - last.said_ns, max(1, arrived_ns - last.arrived_ns)
        if passed_ns <= 0 or passed_ns > waited_ns + LEAP_NS:
            logger.warning(
                "The clock of camera %s leapt by %.3f s.",
                self._camera,
                (passed_ns - waited_ns) / 1e9,
            )
            passed_ns = waited_ns
        return last.number + max(1, counted), last.device_ns + passed_ns
