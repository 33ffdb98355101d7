"""An FR3 by way of franky."""

from ...devices.interfaces import ProcessContext
from ..franka.franky_link import FrankyLink
from ..franka.robot import FrankaRobot
from ..franka.settings import FrankaSettings


class FrankyRobot(FrankaRobot):
    """An FR3, over the Franka Control Interface (franky)."""

    class Settings(FrankaSettings):
        """As every Franka's."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        link = FrankyLink(settings, context)
        super().__init__(link, settings.address, "franky", context)


Driver = FrankyRobot
