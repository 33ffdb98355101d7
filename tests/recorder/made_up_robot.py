"""A robot that a lab could have written: it measures torques and tells of its errors."""

import numpy as np

from teachloop.recorder.devices.interfaces import ProcessContext, RobotState
from teachloop.recorder.drivers.robots.synthetic import SyntheticRobot


class MadeUpRobot(SyntheticRobot):
    """Feels what it carries."""

    class Settings(SyntheticRobot.Settings):
        load_n: float
        """What hangs on its hand."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        super().__init__(settings, context)
        self._load_n = settings.load_n

    def read(self) -> RobotState:
        state = super().read()
        values = {name: getattr(state, name) for name in RobotState.__dataclass_fields__}
        felt = {
            "joint_torques_nm": np.full(7, 2.0),
            "external_wrench": np.array([0, 0, -self._load_n, 0, 0, 0]),
            "errors": (),
            "control_success_rate": 1.0,
        }
        return RobotState(**{**values, **felt})
