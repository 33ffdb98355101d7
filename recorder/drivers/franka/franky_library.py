"""franky, where it is installed: an extra, with wheels for Linux on x86-64 and ARM."""

import importlib
from collections.abc import Callable
from typing import Any

from ...devices.interfaces import DeviceSilent


def franky() -> Any:
    """The library. Raises DeviceSilent where it is not installed."""
    try:
        return importlib.import_module("franky")
    except ImportError as error:
        raise DeviceSilent(
            f"The driver franky needs franky-control, which is not here ({error}). On Linux, "
            ".venv/bin/pip install franky-control brings it."
        ) from error


class FrankyGripper:
    """A hand as libfranka has it, of which franky changed names, and the kinds of its errors."""

    def __init__(self, address: str) -> None:
        """Raises DeviceSilent, RuntimeError."""
        self._gripper = _told(franky().Gripper, address)

    def read_once(self) -> Any:
        """Raises RuntimeError, as all others do."""
        return _told(lambda: self._gripper.state)

    def move(self, width_m: float, speed_m_s: float) -> bool:
        return _told(self._gripper.move, width_m, speed_m_s)

    def grasp(self, width_m: float, *rest: float) -> bool:
        return _told(self._gripper.grasp, width_m, *rest)

    def stop(self) -> bool:
        return _told(self._gripper.stop)


def _told(do: Callable[..., Any], *arguments: Any) -> Any:
    """Each of franky's errors is a class of its own, without a common one."""
    try:
        return do(*arguments)
    except Exception as error:
        raise RuntimeError(str(error)) from error
