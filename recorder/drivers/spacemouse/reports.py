"""What a 3Dconnexion device reports: how far its cap is pushed and turned, and its buttons.

Numbers are 16 bits, little endian, signed; ±350 is as far as the cap goes. Report 1 is the
translation (right, towards the hand's owner, down), report 2 the rotation about the same axes by
the right-hand rule. SpaceNavigator, SpaceMouse Compact and Pro send both; the newer Wireless,
Pro Wireless, Enterprise and their receiver send all six numbers in report 1. Report 3 has a bit
for each button, of which two-button models have the first two.
"""

import struct
from dataclasses import dataclass, replace

FULL_SCALE = 350
TRANSLATION, ROTATION, BUTTONS = 1, 2, 3
THREE = struct.Struct("<3h")
SIX = struct.Struct("<6h")
Triple = tuple[float, float, float]
STILL: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Cap:
    """How a device is held; shares of full scale, in the device's own axes."""

    translation: Triple = STILL
    rotation: Triple = STILL
    buttons: int = 0
    """A bit for each."""
    apart: bool = False
    """Whether rotation comes in reports of its own: then there is none behind a translation."""


def heard(before: Cap, report: bytes) -> Cap:
    """How it is held after a report (with its number in front). What says nothing of cap or
    buttons, such as a battery's charge, and what is cut short, changes nothing."""
    number, content = report[:1], report[1:]
    if number == bytes([BUTTONS]) and content:
        return replace(before, buttons=int.from_bytes(content, "little"))
    if number == bytes([TRANSLATION]) and len(content) >= SIX.size and not before.apart:
        x, y, z, roll, pitch, yaw = _shares(SIX, content)
        return replace(before, translation=(x, y, z), rotation=(roll, pitch, yaw))
    if len(content) < THREE.size:
        return before
    x, y, z = _shares(THREE, content)
    if number == bytes([TRANSLATION]):
        return replace(before, translation=(x, y, z))
    if number == bytes([ROTATION]):
        return replace(before, rotation=(x, y, z), apart=True)
    return before


def _shares(layout: struct.Struct, content: bytes) -> list[float]:
    numbers = layout.unpack_from(content)
    return [max(-1.0, min(1.0, number / FULL_SCALE)) for number in numbers]
