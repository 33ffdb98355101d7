"""The Franka Hand, which its arm's driver reaches by itself."""

from pydantic import Field

from ....runtime.described import DescribedModel
from ...devices.interfaces import DeviceSilent, HandedRobot, ProcessContext, RobotDriver


class FrankaHand:
    """The Franka Hand at the arm's flange."""

    class Settings(DescribedModel):
        speed_m_s: float = Field(default=0.1, gt=0, le=0.2, title="Speed, m/s")
        """How fast the fingers open and close."""
        force_n: float = Field(default=40.0, ge=1, le=70, title="Force, N")
        """How hard they grasp."""

    def __init__(self, settings: Settings, robot: RobotDriver, context: ProcessContext) -> None:
        """Raises DeviceSilent where the arm's driver knows no Franka Hand."""
        if not isinstance(robot, HandedRobot):
            raise DeviceSilent(
                f"The driver {type(robot).__name__} knows no Franka Hand. Choose another gripper, "
                "or none."
            )
        self._hand = robot.hand(settings.speed_m_s, settings.force_n)

    @property
    def opening_m(self) -> float:
        return self._hand.opening_m

    @property
    def width_m(self) -> float:
        return self._hand.width_m

    def __enter__(self) -> "FrankaHand":
        self._hand.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._hand.__exit__(*error)

    def move(self, opened: float) -> None:
        self._hand.move(opened)

    def acknowledge(self) -> None:
        self._hand.acknowledge()


Driver = FrankaHand
