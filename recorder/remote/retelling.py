"""What was published on another machine, told anew on this one.

Its times are of that machine's clock, which says nothing here: they become the time of arrival.
Its frames become frames in memory of this process.
"""

import itertools
import time
from collections import OrderedDict

from ...runtime.ipc.frames import SharedFrame
from ...runtime.ipc.ring import Ring, memory
from ..station.published import PolicyObservation

SLOTS = 8  # of a ring of frames
REMEMBERED = 200  # observations that a chunk may still be about


class Retelling:
    """Gives observations times and frames of this machine, and their chunks the old times back."""

    def __init__(self) -> None:
        self._rings: dict[tuple[str, int, int], Ring] = {}
        self._origin_ns: OrderedDict[int, int] = OrderedDict()
        self._count = itertools.count()

    def observation(self, seen: PolicyObservation, pixels: list[bytes]) -> PolicyObservation:
        """``pixels``: of each frame, in the order of ``seen.frames``."""
        now_ns = time.monotonic_ns()
        self._remember(now_ns, seen.time_ns)
        shift_ns = now_ns - seen.time_ns
        frames = zip(seen.frames.items(), pixels, strict=True)
        return seen.model_copy(
            update={
                "time_ns": now_ns,
                "image_time_ns": {name: t + shift_ns for name, t in seen.image_time_ns.items()},
                "frames": {
                    name: self._frame(name, frame, content) for (name, frame), content in frames
                },
            }
        )

    def origin_ns(self, time_ns: int) -> int | None:
        """The time of an observation on the machine that made it."""
        return self._origin_ns.get(time_ns)

    def _remember(self, here_ns: int, there_ns: int) -> None:
        self._origin_ns[here_ns] = there_ns
        if len(self._origin_ns) > REMEMBERED:
            self._origin_ns.popitem(last=False)

    def _frame(self, name: str, frame: SharedFrame, content: bytes) -> SharedFrame:
        size = frame.height * frame.width * 3
        key = name, frame.height, frame.width
        if key not in self._rings:
            self._rings[key] = Ring(memory(Ring.size(SLOTS, size)), SLOTS, size)
        ring = self._rings[key]
        ring.publish(next(self._count), time.monotonic_ns(), 0, content)
        return SharedFrame.of(ring, ring.head - 1, frame.height, frame.width)
