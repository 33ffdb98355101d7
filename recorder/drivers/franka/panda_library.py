"""panda-py, where it is installed: it has wheels for Linux on x86-64 alone."""

import importlib
from typing import Any

from ...devices.interfaces import DeviceSilent


def panda_py(module: str = "") -> Any:
    """The library, or one of its modules. Raises DeviceSilent where it is not installed."""
    try:
        return importlib.import_module(f"panda_py.{module}" if module else "panda_py")
    except ImportError as error:
        raise DeviceSilent(
            f"The driver panda needs panda-py, which is not here ({error}). On Linux and x86-64, "
            "pip install panda-python brings the one for a Panda (FER) with system version 4.2.1 "
            "or newer."
        ) from error
