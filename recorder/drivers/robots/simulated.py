"""The simulated Franka; its time goes on with each action."""

from ....datasets.steps import Action
from ....geometry.panda import HAND_OPENING_M
from ....runtime.described import DescribedModel
from ...devices.interfaces import ProcessContext, RobotState, StateSink
from ..simulation import SimulatedScene, shared_scene


class SimulatedRobot:
    """The arm of a simulated scene."""

    class Settings(DescribedModel):
        """There is nothing to set."""

    def __init__(self, settings: Settings, context: ProcessContext) -> None:
        self._scene = shared_scene(context)
        self._sink: StateSink | None = None

    def __enter__(self) -> "SimulatedRobot":
        return self

    def __exit__(self, *error: object) -> None:
        self._sink = None

    def stream(self, sink: StateSink) -> None:
        self._sink = sink
        sink(self.read())

    def read(self) -> RobotState:
        seen = self._scene.world.observe(images=False)
        return RobotState(
            time_ns=seen.time_ns,
            device_time_ns=round(self._scene.world.time_s * 1e9),
            joint_positions_rad=seen.joint_positions_rad,
            joint_velocities_rad_s=seen.joint_velocities_rad_s,
            ee_pose=seen.ee_pose,
        )

    def apply(self, action: Action) -> Action:
        self._scene.step(action)
        if self._sink is not None:
            self._sink(self.read())
        return action

    def hand(self, speed_m_s: float, force_n: float) -> "SimulatedHand":
        return SimulatedHand(self._scene)

    def guide(self, action: Action) -> None:
        self.apply(action)  # which says that it is a person's

    def stop(self) -> None:
        """Time only goes on with the next action, which is to stay."""

    def acknowledge(self) -> None:
        """It never stops by itself."""


class SimulatedHand:
    """The hand in a simulated scene, whose world moves its fingers with each action."""

    opening_m = HAND_OPENING_M

    def __init__(self, scene: SimulatedScene) -> None:
        self._scene = scene

    def __enter__(self) -> "SimulatedHand":
        return self

    def __exit__(self, *error: object) -> None:
        """There is nothing to release."""

    @property
    def width_m(self) -> float:
        return self._scene.world.width_m

    def move(self, opened: float) -> None:
        """The world does, which takes the arm's action."""

    def acknowledge(self) -> None:
        """It never stops by itself."""


Driver = SimulatedRobot
