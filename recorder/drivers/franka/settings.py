"""What every driver of a Franka can be told."""

from pydantic import BaseModel, Field

from ...devices.desk import ADDRESS
from .hand import FrankaHand
from .hand_process import HandSettings, Library
from .stiffness import Impedance, Preset


class FrankaSettings(BaseModel, extra="forbid", use_attribute_docstrings=True):
    """In the order in which a page shows it."""

    address: str = Field(default=ADDRESS, min_length=1)
    """The robot's address in its network, as Desk has it."""
    impedance: Impedance = "joint"
    """Whether the joints or the hand are held by springs."""
    stiffness: Preset = "medium"
    """How hard they hold; soft gives way when touched."""
    hand: bool = True
    """Whether a Franka Hand is mounted."""
    hand_speed_m_s: float = Field(default=0.1, gt=0, le=0.2, title="Hand speed, m/s")
    """How fast the fingers open and close."""
    hand_force_n: float = Field(default=40.0, ge=1, le=70, title="Hand force, N")
    """How hard they grasp."""

    desk: str = ""
    """Where Desk is, host or host:port, where that is not the address."""

    def hand_by(self, library: Library) -> FrankaHand | None:
        """The hand, not entered yet; None where none is mounted."""
        if not self.hand:
            return None
        return FrankaHand(
            HandSettings(
                address=self.address,
                speed_m_s=self.hand_speed_m_s,
                force_n=self.hand_force_n,
                library=library,
            )
        )
