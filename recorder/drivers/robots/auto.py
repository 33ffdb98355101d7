"""A Franka of any kind: its version is asked for, and decides which library reaches it."""

from ...devices.interfaces import DeviceSilent, ProcessContext
from ..franka.franky_link import FrankyLink
from ..franka.hand import FrankaHand
from ..franka.panda_link import PandaLink
from ..franka.robot import FrankaRobot
from ..franka.settings import FrankaSettings
from ..franka.stiffness import STIFFNESS
from ..franka.version import fci_version
from ..franka.words import PANDA_PY, version_words

FRANKY = (9, 10)  # versions of FCI that franky's own libfranka speaks


class AutoFranka(FrankaRobot):
    """Any Franka with its hand: asks for its version, and takes the driver that fits."""

    class Settings(FrankaSettings):
        """As every Franka's."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        """Raises DeviceSilent where no robot answers, or none of the drivers fits."""
        version = fci_version(settings.address)
        if version != PANDA_PY and version not in FRANKY:
            raise DeviceSilent(version_words(settings.address, version, PANDA_PY))
        kind = PandaLink if version == PANDA_PY else FrankyLink
        link = kind(
            settings.address,
            context.arm,
            STIFFNESS[settings.stiffness],
            settings.impedance,
            settings.payload_kg,
        )
        library = "panda-py" if version == PANDA_PY else "franky"
        hand = FrankaHand(settings.hand_by(library)) if settings.hand else None
        super().__init__(link, hand, context)


Driver = AutoFranka
