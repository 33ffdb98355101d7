"""An FR3 by way of franky."""

from ...devices.interfaces import ProcessContext
from ..franka.franky_link import FrankyLink
from ..franka.hand import FrankaHand
from ..franka.robot import FrankaRobot
from ..franka.settings import FrankaSettings
from ..franka.stiffness import STIFFNESS


class FrankyRobot(FrankaRobot):
    """An FR3 with its hand, over the Franka Control Interface (franky)."""

    class Settings(FrankaSettings):
        """As every Franka's."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        stiffness = STIFFNESS[settings.stiffness]
        link = FrankyLink(
            settings.address, context.arm, stiffness, settings.impedance, settings.payload_kg
        )
        hand = FrankaHand(settings.hand_by("franky")) if settings.hand else None
        super().__init__(link, hand, context)


Driver = FrankyRobot
