"""An arm and the gripper at its flange, as one robot."""

from dataclasses import replace

from ...datasets.steps import Action
from .interfaces import GripperDriver, GuidedRobot, RobotDriver, RobotState, StateSink


class Gripping:
    """The arm's states have the gripper's newest width, and each action moves both."""

    def __init__(self, arm: RobotDriver, gripper: GripperDriver) -> None:
        self._arm, self._gripper = arm, gripper

    def __enter__(self) -> "Gripping":
        self._gripper.__enter__()
        try:
            self._arm.__enter__()
        except BaseException as error:
            self._gripper.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._arm.__exit__(*error)
        finally:
            self._gripper.__exit__(*error)

    def stream(self, sink: StateSink) -> None:
        self._arm.stream(lambda state: sink(self._gripped(state)))

    def read(self) -> RobotState:
        return self._gripped(self._arm.read())

    def apply(self, action: Action) -> Action:
        self._move(action)
        return self._arm.apply(action)

    def stop(self) -> None:
        """The arm holds, and the gripper keeps its grip."""
        self._arm.stop()

    def acknowledge(self) -> None:
        self._gripper.acknowledge()
        self._arm.acknowledge()

    def _move(self, action: Action) -> None:
        if action.gripper is not None:
            self._gripper.move(action.gripper)

    def _gripped(self, state: RobotState) -> RobotState:
        gripper = self._gripper
        return replace(state, gripper_width_m=gripper.width_m, gripper_opening_m=gripper.opening_m)


class GuidedGripping(Gripping):
    """The same where a person can lead the arm; the gripper follows the action meanwhile."""

    def __init__(self, arm: RobotDriver, gripper: GripperDriver, guided: GuidedRobot) -> None:
        super().__init__(arm, gripper)
        self._guided = guided

    def guide(self, action: Action) -> None:
        self._move(action)
        self._guided.guide(action)


def with_gripper(arm: RobotDriver, gripper: GripperDriver) -> RobotDriver:
    """Both as one robot, not entered yet."""
    if isinstance(arm, GuidedRobot):
        return GuidedGripping(arm, gripper, arm)
    return Gripping(arm, gripper)
