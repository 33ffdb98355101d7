"""panda-py: it comes along on Linux and x86-64, for which alone it has wheels."""

import importlib
from typing import Any

from ...devices.interfaces import DeviceSilent


def panda_py(module: str = "") -> Any:
    """The library, or one of its modules. Raises DeviceSilent where it is not installed."""
    try:
        return importlib.import_module(f"panda_py.{module}" if module else "panda_py")
    except ImportError as error:
        raise DeviceSilent(
            f"The driver panda needs panda-py, which is not here ({error}). It has wheels for "
            "Linux on x86-64 alone; there, .venv/bin/pip install panda-python brings it back."
        ) from error
