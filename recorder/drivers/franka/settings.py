"""What every driver of a Franka can be told."""

from pydantic import Field

from ....runtime.described import DescribedModel
from ...devices.desk import ADDRESS
from .stiffness import Impedance, Preset


class FrankaSettings(DescribedModel):
    """In the order in which a page shows it."""

    address: str = Field(default=ADDRESS, min_length=1)
    """The robot's address in its network, as Desk has it."""
    impedance: Impedance = "joint"
    """Whether the joints or the hand are held by springs."""
    stiffness: Preset = "medium"
    """How hard they hold; soft gives way when touched."""
    desk: str = ""
    """Where Desk is, host or host:port, where that is not the address."""
