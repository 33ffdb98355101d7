"""librealsense, by its own Python package."""

import importlib
from functools import cache
from typing import Any

from ....runtime.errors import TeachloopError

USB_LIBRARY = "libusb-1.0"


class NoRealSense(TeachloopError):
    """The library or the camera is not there, or the camera cannot do what is asked of it."""


@cache
def librealsense() -> Any:
    """The module pyrealsense2. Raises NoRealSense."""
    try:
        return importlib.import_module("pyrealsense2")
    except ImportError as error:
        if USB_LIBRARY in str(error):
            raise NoRealSense(
                "The driver realsense needs libusb, which is not on this machine. On Debian and "
                "Ubuntu, as root: apt-get install libusb-1.0-0"
            ) from error
        raise NoRealSense(
            f"The driver realsense needs pyrealsense2, which is not here ({error}). It has wheels "
            "for Linux and Windows alone; there, .venv/bin/pip install pyrealsense2 brings it back."
        ) from error
