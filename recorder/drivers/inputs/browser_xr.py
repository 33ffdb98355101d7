"""A headset's hand controller, or a phone, of whoever has a page open there; its motion comes with
the page's messages."""

from typing import Literal

from pydantic import Field

from ..no_device import NoDevice
from ..teleop_settings import TeleopSettings
from .gamepad import Does


class XrSettings(TeleopSettings):
    """In the order in which a page shows it. Buttons have the places that WebXR counts them by."""

    speed_m_s: float = Field(title="Speed, m/s", default=0.5, gt=0, le=2, allow_inf_nan=False)
    """How fast the hand goes at most, however fast it is led."""
    turn_rad_s: float = Field(title="Turning, rad/s", default=1.5, gt=0, le=5, allow_inf_nan=False)
    """How fast the hand turns at most."""
    deadband: float = Field(default=0.0, ge=0, le=0.9, allow_inf_nan=False)
    """Share of the speed below which nothing moves: a trembling hand."""
    curve: float = Field(default=1.0, ge=1, le=4, allow_inf_nan=False)
    """1: the hand goes as far as it is led; more makes slow motions slower."""
    scale: float = Field(default=1.0, ge=0.1, le=3, allow_inf_nan=False)
    """Metres that the hand goes for one that it is led."""
    hand: Literal["right", "left"] = "right"
    """Which controller leads it."""
    trigger: Does = "toggle"
    """What it does: close, open or toggle the gripper; record (or stop), keep, discard, success or
    failed as their keys do; nothing."""
    a_button: Does = "record"
    """The same; X on a left controller."""
    b_button: Does = "keep"
    """The same; Y on a left controller."""
    stick_button: Does = "discard"
    """The same."""


class BrowserXr(NoDevice):
    """A hand controller of the headset that has the page open, by WebXR, while its grip is held; a
    bare hand that it sees, while it pinches; or a phone, while its screen is touched. Try, on
    Record, connects it."""

    Settings = XrSettings


Driver = BrowserXr
