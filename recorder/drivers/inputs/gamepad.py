"""A gamepad at the computer of whoever has a page open; its motion comes with the page's
messages."""

from typing import Literal

from ..no_device import NoDevice
from ..teleop_settings import PushedSettings

Does = Literal[
    "close", "open", "toggle", "record", "keep", "discard", "success", "failed", "nothing"
]


class GamepadSettings(PushedSettings):
    """In the order in which a page shows it. Buttons have the names that an Xbox pad gives them."""

    a_button: Does = "close"
    """What it does: close, open or toggle the gripper; record (or stop), keep, discard, success or
    failed as their keys do; nothing."""
    b_button: Does = "open"
    """The same."""
    x_button: Does = "discard"
    """The same."""
    y_button: Does = "keep"
    """The same."""
    start_button: Does = "record"
    """The same."""


class Gamepad(NoDevice):
    """A gamepad at the computer of whoever has the page open: the left stick moves, the right one
    turns and tilts, triggers go up and down, the buttons above them roll. Try, on Record, shows
    it."""

    Settings = GamepadSettings


Driver = Gamepad
