"""A Franka Panda (FER) by way of panda-py; an FR3 with the wheel that fits it."""

from ...devices.interfaces import ProcessContext
from ..franka.panda_link import PandaLink
from ..franka.robot import FrankaRobot
from ..franka.settings import FrankaSettings


class PandaRobot(FrankaRobot):
    """A Franka Panda, over the Franka Control Interface (panda-py)."""

    class Settings(FrankaSettings):
        """As every Franka's."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        link = PandaLink(settings, context)
        super().__init__(link, settings.address, "panda-py", context)


Driver = PandaRobot
