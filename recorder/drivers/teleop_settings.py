"""What any input with axes can be told: how far a push goes, and which way."""

from typing import Literal

from pydantic import Field

from ...runtime.described import DescribedModel
from ..devices.interfaces import TwistFrame

Axis = Literal["forward", "sideways", "up", "roll", "pitch", "yaw"]
Side = Literal["front", "back", "left", "right"]
Does = Literal["close", "open", "toggle", "nothing"]


class TeleopSettings(DescribedModel):
    """In the order in which a page shows it."""

    speed_m_s: float = Field(title="Speed, m/s", default=0.2, gt=0, le=2, allow_inf_nan=False)
    """How fast the hand goes when it is pushed as far as it goes; never faster."""
    turn_rad_s: float = Field(title="Turning, rad/s", default=1.0, gt=0, le=5, allow_inf_nan=False)
    """How fast the hand turns when it is turned as far as it goes."""
    side: Side = "front"
    """The robot's side from which its user looks at it."""
    deadband: float = Field(default=0.1, ge=0, le=0.9, allow_inf_nan=False)
    """Share of each axis' way in which nothing moves yet."""
    curve: float = Field(default=1.5, ge=1, le=4, allow_inf_nan=False)
    """1: speed grows evenly with the push; more makes small pushes finer."""
    locked: list[Axis] = Field(default=[])
    """Axes that never move."""
    reversed: list[Axis] = Field(default=[])
    """Axes that go the other way."""


class PushedSettings(TeleopSettings):
    """Of an input that is pushed, and not led about."""

    frame: TwistFrame = Field(title="Directions", default="base")
    """base: they stay as they are seen from that side; camera: as the picture of the first
    calibrated camera beside the robot shows them (side stays front then); hand: they turn with the
    robot's hand, and are the same while it points straight down, unturned."""
