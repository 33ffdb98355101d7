"""Where reports come from: the computer's HID devices, by the library hidapi."""

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ....runtime.errors import TeachloopError

VENDORS = (0x256F, 0x046D)  # 3Dconnexion; Logitech, whose name its older devices bear
MULTI_AXIS = (0x01, 0x08)  # what such a device says it is, whatever its product's number
LONGEST = 64
UDEV_FILE = "/etc/udev/rules.d/70-spacemouse.rules"
UDEV_RULE = 'KERNEL=="hidraw*", KERNELS=="*:256F:*|*:046D:C6*", MODE="0660", TAG+="uaccess"'


class NoSpaceMouse(TeachloopError):
    """None is plugged in, or it cannot be opened."""


class Unplugged(TeachloopError):
    """It was there, and is no more."""


class HidDevice(Protocol):
    """One that is open."""

    def read(self, wait_ms: int) -> bytes:
        """The next report with its number in front; empty where none came. Raises Unplugged."""
        ...

    def close(self) -> None: ...


class HidBus(Protocol):
    """The devices of this computer."""

    def open(self, product: str) -> HidDevice:
        """The first SpaceMouse whose name has ``product`` in it. Raises NoSpaceMouse."""
        ...


class UsbDevice:
    """One that hidapi has open."""

    def __init__(self, device: Any) -> None:
        self._device = device

    def read(self, wait_ms: int) -> bytes:
        try:
            return bytes(self._device.read(LONGEST, wait_ms))
        except (OSError, ValueError) as error:
            raise Unplugged("The SpaceMouse was unplugged.") from error

    def close(self) -> None:
        self._device.close()


class UsbBus:
    """What is plugged in or paired."""

    def open(self, product: str) -> UsbDevice:
        library = _library()
        path = chosen(library.enumerate(), product)
        device = library.device()
        try:
            device.open_path(path)
        except OSError as error:
            raise NoSpaceMouse(refused(path.decode(errors="replace"))) from error
        return UsbDevice(device)


def chosen(found: Sequence[Mapping[str, Any]], product: str) -> bytes:
    """The path of the first that is meant. Raises NoSpaceMouse, with what there is instead."""
    mice = [each for each in found if _is_mouse(each)]
    for each in mice:
        if product.lower() in _name(each).lower():
            return each["path"]
    if mice:
        names = ", ".join(sorted({_name(each) for each in mice}))
        raise NoSpaceMouse(f"No SpaceMouse is called {product!r}. Plugged in: {names}.")
    raise NoSpaceMouse("No SpaceMouse is plugged into the computer of the station.")


def refused(path: str, platform: str = sys.platform) -> str:
    """Why one that is there does not open, and what helps."""
    if platform.startswith("linux"):
        return (
            f"The SpaceMouse at {path} may not be read. Write this line into {UDEV_FILE}, run "
            f"`sudo udevadm control --reload`, and plug it in again: {UDEV_RULE}"
        )
    return "The SpaceMouse cannot be opened. Quit 3Dconnexion's own software, and test again."


def _is_mouse(found: Mapping[str, Any]) -> bool:
    is_what = (found["usage_page"], found["usage"])
    return found["vendor_id"] in VENDORS and is_what == MULTI_AXIS


def _name(found: Mapping[str, Any]) -> str:
    return found["product_string"] or f"{found['vendor_id']:04x}:{found['product_id']:04x}"


def _library() -> Any:
    """On Linux by the kernel's own HID driver, which leaves the device to others as well."""
    name = "hidraw" if sys.platform.startswith("linux") else "hid"
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NoSpaceMouse(
            f"No SpaceMouse can be read: {error}. Run `pip install hidapi`."
        ) from error
