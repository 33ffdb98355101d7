"""A robot that stops by itself beyond y = 0.05 m, until it is acknowledged."""

from teachloop.datasets.steps import Action
from teachloop.recorder.devices.interfaces import ProcessContext, RobotError
from teachloop.recorder.drivers.robots.synthetic import SyntheticRobot


class ReflexRobot(SyntheticRobot):
    """Stops by itself, as a real one does on a collision."""

    def __init__(self, settings: SyntheticRobot.Settings, context: ProcessContext) -> None:
        super().__init__(settings, context)
        self._stopped = False

    def apply(self, action: Action) -> Action:
        if action.ee_pose[1, 3] > 0.05:
            self._stopped = True
        if self._stopped:
            raise RobotError("The robot stopped itself: cartesian reflex. Look, then acknowledge.")
        return super().apply(action)

    def acknowledge(self) -> None:
        self._stopped = False
