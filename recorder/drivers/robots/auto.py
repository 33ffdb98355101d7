"""A Franka of any kind: its version is asked for, and decides which library reaches it."""

from ...devices.interfaces import DeviceSilent, ProcessContext
from ..franka.franky_link import FrankyLink
from ..franka.hand_process import Library
from ..franka.panda_link import PandaLink
from ..franka.robot import FrankaRobot
from ..franka.settings import FrankaSettings
from ..franka.version import fci_version
from ..franka.words import PANDA_PY, version_words

PANDA_LIBRARY: Library = "panda-py"
FRANKY_LIBRARY: Library = "franky"
FRANKY = (9, 10)  # versions of FCI that franky's own libfranka speaks


class AutoFranka(FrankaRobot):
    """Any Franka: asks for its version, and takes the driver that fits."""

    class Settings(FrankaSettings):
        """As every Franka's."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        """Raises DeviceSilent where no robot answers, or none of the drivers fits."""
        version = fci_version(settings.address)
        if version == PANDA_PY:
            link, library = PandaLink(settings, context), PANDA_LIBRARY
        elif version in FRANKY:
            link, library = FrankyLink(settings, context), FRANKY_LIBRARY
        else:
            raise DeviceSilent(version_words(settings.address, version, PANDA_PY))
        super().__init__(link, settings.address, library, context)


Driver = AutoFranka
