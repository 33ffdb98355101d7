"""A Franka Panda (FER) by way of panda-py; an FR3 with the wheel that fits it."""

from pydantic import BaseModel, Field

from ...devices.interfaces import ProcessContext
from ..franka.hand import FrankaHand
from ..franka.hand_process import HandSettings
from ..franka.panda_link import PandaLink
from ..franka.robot import FrankaRobot
from ..franka.stiffness import STIFFNESS, Impedance, Preset


class PandaRobot(FrankaRobot):
    """A Franka Panda with its hand, over the Franka Control Interface (panda-py)."""

    class Settings(BaseModel, extra="forbid"):
        address: str = Field(default="172.16.0.2", min_length=1)
        """The robot's address in its network, as Desk has it."""
        impedance: Impedance = "joint"
        """Whether the joints or the hand are held by springs."""
        stiffness: Preset = "medium"
        """How hard they hold; soft gives way when touched."""
        hand: bool = True
        """Whether a Franka Hand is mounted."""
        hand_speed_m_s: float = Field(default=0.1, gt=0, le=0.2)
        """How fast the fingers open and close."""
        hand_force_n: float = Field(default=40.0, ge=1, le=70)
        """How hard they grasp."""

        payload_kg: float = Field(default=0.0, ge=0, le=3)
        """What the hand carries beside its own weight; 0 leaves what Desk says."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        stiffness = STIFFNESS[settings.stiffness]
        link = PandaLink(
            settings.address, context.arm, stiffness, settings.impedance, settings.payload_kg
        )
        hand = HandSettings(
            address=settings.address,
            speed_m_s=settings.hand_speed_m_s,
            force_n=settings.hand_force_n,
        )
        super().__init__(link, FrankaHand(hand) if settings.hand else None, context)


Driver = PandaRobot
