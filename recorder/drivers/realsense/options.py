"""How a RealSense takes its pictures."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from .library import librealsense

logger = logging.getLogger(__name__)


class Wanted(NamedTuple):
    """None is automatic."""

    exposure: float | None
    white_balance_k: float | None


def set_options(device: Any, wanted: Wanted) -> None:
    """On the sensor of the colours. What it does not take, such as a recording, or a value that is
    beyond it, is logged, and stays as it is."""
    for sensor in device.query_sensors():
        if not _sees_colours(sensor):
            continue
        for option, value in _values(wanted):
            if not sensor.supports(option) or sensor.is_option_read_only(option):
                continue
            try:
                sensor.set_option(option, value)
            except RuntimeError as error:
                logger.warning("The camera does not take %s = %g: %s", option, value, error)


def _sees_colours(sensor: Any) -> bool:
    rs = librealsense()
    with suppress(RuntimeError):
        return any(each.stream_type() == rs.stream.color for each in sensor.get_stream_profiles())
    return False


def _values(wanted: Wanted) -> Iterator[tuple[Any, float]]:
    """What is automatic goes first: a value would be refused while it is."""
    option = librealsense().option
    yield option.enable_auto_exposure, float(wanted.exposure is None)
    yield option.auto_exposure_priority, 0.0  # else it takes fewer frames a second in the dark
    yield option.enable_auto_white_balance, float(wanted.white_balance_k is None)
    if wanted.exposure is not None:
        yield option.exposure, wanted.exposure
    if wanted.white_balance_k is not None:
        yield option.white_balance, wanted.white_balance_k
