"""What the simulated network and the simulated robot are like: how slow, how lossy, how new."""

from typing import Annotated

from pydantic import Field

from ...runtime.validation import StrictModel
from .wire import VERSION

Seconds = Annotated[float, Field(ge=0, le=10)]


class Trouble(StrictModel):
    """Everything is well where nothing is said."""

    version: int = Field(default=VERSION, ge=1, le=99)
    """Of the interface that the controller says it speaks."""
    patience_s: Seconds = 0.0
    """How long a state waits for its answer: nothing at all, as the robot does it, or longer, so
    that the time of a slow machine goes slower instead of the robot stopping."""
    lost: float = Field(default=0.0, ge=0, le=1)
    """Share of the commands that are lost on their way."""
    gripper_delay_s: Seconds = 0.0
    """How long the hand thinks before it does what it was asked."""
