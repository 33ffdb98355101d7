"""A Franka Panda (FER) by way of panda-py; an FR3 with the wheel that fits it."""

from ...devices.interfaces import ProcessContext
from ..franka.hand import FrankaHand
from ..franka.panda_link import PandaLink
from ..franka.robot import FrankaRobot
from ..franka.settings import FrankaSettings
from ..franka.stiffness import STIFFNESS


class PandaRobot(FrankaRobot):
    """A Franka Panda with its hand, over the Franka Control Interface (panda-py)."""

    class Settings(FrankaSettings):
        """As every Franka's."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        stiffness = STIFFNESS[settings.stiffness]
        link = PandaLink(
            settings.address, context.arm, stiffness, settings.impedance, settings.payload_kg
        )
        hand = FrankaHand(settings.hand_by("panda-py")) if settings.hand else None
        super().__init__(link, hand, context)


Driver = PandaRobot
