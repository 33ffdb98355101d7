"""A scripted demonstrator that knows where things are and moves about as a person would."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from ..datasets.steps import Action, Decider, Observation, Pose
from ..geometry.panda import HAND_OPENING_M, tool_down
from ..geometry.poses import inverse, make_pose
from ..geometry.rotations import from_rotation_vector
from .grasping import grasp_pose, yaw_of
from .language import DIRECTION_Y
from .motion import TICK_S, MotionStyle, path
from .sampling import BEHIND_GAP_M
from .scenes import SceneSpec

_APPROACH_M = 0.09
_LIFT_M = 0.14
_PUSH_M = 0.12
_REST_S = 0.8
_MISSED_M = 0.012  # a hand that closed this far holds nothing
_OPEN_M = HAND_OPENING_M - 0.004  # … nor does one that is as open as this
_HELD_M = 0.02  # from the middle of what is held
_TRIES = 3
_TILT_RAD = 1.15  # of what is turned over, when it is let go: it falls the rest


class ScriptedExpert:
    """Solves the scene's task; an Agent with ``done``. Seeds differ in style, not in outcome.

    Acts on the observed end effector and gripper and on the true object poses alone; it thinks of
    what touches things, whatever the tool's centre point is. One that begins with the target in its
    hand goes on from there.
    """

    def __init__(
        self, scene: SceneSpec, object_poses: Callable[[], Mapping[str, Pose]], seed: int
    ) -> None:
        self._scene, self._object_poses, self._seed = scene, object_poses, seed
        self._tip = scene.robot.tool_to_tip
        self.reset()

    def reset(self) -> None:
        """Start over, with the same style."""
        self._rng = np.random.default_rng([self._seed, self._scene.seed])
        self._style = MotionStyle.sample(self._rng)
        self._script: Iterator[None] = getattr(self, f"_{self._scene.task.verb}")()
        self._pose: Pose | None = None
        self._gripper = 1.0
        self.done = False

    def act(self, observation: Observation) -> Action:
        """The next target; after the end, the last one again."""
        tip = observation.ee_pose @ self._tip
        self._observation = observation = replace(observation, ee_pose=tip)
        if self._pose is None:
            self._pose = observation.ee_pose.copy()
        if not self.done:
            self.done = next(self._script, self) is self
        tool = self._pose @ inverse(self._tip)
        gripper = None if observation.gripper_width_m is None else self._gripper
        return Action(ee_pose=tool, gripper=gripper, decided_by=Decider.SCRIPT)

    def _pick(self) -> Iterator[None]:
        yield from self._grasp()
        yield from self._rise(_LIFT_M)
        yield from self._wait(_REST_S)

    def _put(self) -> Iterator[None]:
        place = self._scene.find(self._scene.task.destination or "")
        yield from self._carry(place.name, above_m=place.kind.floor_m + 0.004)

    def _stack(self) -> Iterator[None]:
        below = self._scene.find(self._scene.task.destination or "")
        yield from self._carry(below.name, above_m=below.kind.height_m / 2 + 0.002)

    def _push(self) -> Iterator[None]:
        side = DIRECTION_Y[self._scene.task.direction or "left"]
        kind = self._scene.find(self._target).kind
        height = max(0.014, kind.height_m / 2 - 0.006)
        behind = self._beside(-side * (kind.radius_m + 0.035), height)
        self._gripper = float(self._rng.uniform(0.0, 0.1))
        yield from self._go(self._above(behind, _APPROACH_M))
        yield from self._hesitate()
        yield from self._go(behind, care=1.2)
        contact = self._beside(-side * (kind.radius_m + 0.012), height)
        yield from self._go(contact, care=1.3)
        length = _PUSH_M + 0.012 + float(self._rng.uniform(0.0, 0.015))
        yield from self._go(self._shifted(contact, side * length), care=1.5)
        yield from self._wait(0.1)
        yield from self._go(self._shifted(self._pose_now(), -side * 0.02))
        yield from self._rise(0.10)
        yield from self._wait(_REST_S)

    def _put_behind(self) -> Iterator[None]:
        front = self._scene.find(self._scene.task.destination or "")
        apart_m = self._scene.find(self._target).kind.radius_m + front.kind.radius_m + BEHIND_GAP_M
        foot_m = front.kind.height_m / 2 - 0.002  # the table, seen from the middle of the front one
        yield from self._carry(front.name, above_m=-foot_m, aside_m=(-apart_m, 0.0))

    def _turn_over(self) -> Iterator[None]:
        """Lift it, turn the hand about the axis along which it closes, and lay it down."""
        kind = self._scene.find(self._target).kind
        yield from self._grasp()
        yield from self._rise(_LIFT_M)
        tilt = from_rotation_vector([0.0, -_TILT_RAD, 0.0])
        tilted = self._pose_now() @ make_pose(tilt, np.zeros(3))
        yield from self._go(tilted, care=1.3)
        foot_m = kind.height_m / 2 * np.cos(_TILT_RAD) + kind.radius_m * np.sin(_TILT_RAD)
        lying = tilted.copy()
        lying[2, 3] = foot_m + 0.006
        yield from self._go(lying, care=1.4)
        yield from self._wait(0.1)
        yield from self._set_gripper(1.0, 0.35)
        yield from self._go(self._pose_now() @ make_pose(np.eye(3), [0.0, 0.0, -0.08]))
        yield from self._rise(0.08)
        yield from self._wait(_REST_S)

    def _grasp(self) -> Iterator[None]:
        """Hold the target; look again and retry when the hand closed on nothing."""
        if self._holds():
            self._gripper = 0.0
            return
        for _ in range(_TRIES):
            goal = self._grasp_goal()
            yield from self._go(self._above(goal, _APPROACH_M))
            yield from self._hesitate()
            yield from self._go(self._grasp_goal(), care=1.3)
            yield from self._set_gripper(0.0, 0.45)
            if (self._observation.gripper_width_m or 0.0) > _MISSED_M:
                return
            yield from self._set_gripper(1.0, 0.4)

    def _carry(
        self, place: str, above_m: float, aside_m: tuple[float, float] = (0.0, 0.0)
    ) -> Iterator[None]:
        """Grasp the target and let it go ``above_m`` over the place's origin, and ``aside_m`` in x
        and y."""
        yield from self._grasp()
        yield from self._rise(_LIFT_M)
        yield from self._go(self._letting_go(place, (*aside_m, above_m + 0.07)))
        yield from self._hesitate()
        yield from self._go(self._letting_go(place, (*aside_m, above_m)), care=1.4)
        yield from self._wait(0.1)
        yield from self._set_gripper(1.0, 0.35)
        yield from self._rise(0.10)
        yield from self._wait(_REST_S)

    def _letting_go(self, place: str, off_m: tuple[float, float, float]) -> Pose:
        """The end-effector pose at which the held target's foot is that far off the place."""
        poses, now = self._object_poses(), self._pose_now()
        held = poses[self._target][:3, 3] - self._observation.ee_pose[:3, 3]
        foot = self._scene.find(self._target).kind.height_m / 2
        position = poses[place][:3, 3] - held + off_m + [0.0, 0.0, foot]
        return tool_down(yaw_of(now), position)

    def _holds(self) -> bool:
        away = self._object_poses()[self._target][:3, 3] - self._observation.ee_pose[:3, 3]
        width_m = self._observation.gripper_width_m or 0.0
        return _MISSED_M < width_m < _OPEN_M and float(np.linalg.norm(away)) < _HELD_M

    @property
    def _target(self) -> str:
        return self._scene.task.target

    def _grasp_goal(self) -> Pose:
        return grasp_pose(self._scene, self._target, self._object_poses(), self._pose_now())

    def _beside(self, offset_y_m: float, height_m: float) -> Pose:
        x, y, _ = self._object_poses()[self._target][:3, 3]
        return tool_down(0.0, [x, y + offset_y_m, height_m])

    def _pose_now(self) -> Pose:
        return self._observation.ee_pose if self._pose is None else self._pose

    @staticmethod
    def _above(pose: Pose, height_m: float) -> Pose:
        raised = pose.copy()
        raised[2, 3] += height_m
        return raised

    @staticmethod
    def _shifted(pose: Pose, offset_y_m: float) -> Pose:
        shifted = pose.copy()
        shifted[1, 3] += offset_y_m
        return shifted

    def _go(self, goal: Pose, care: float = 1.0) -> Iterator[None]:
        for pose in path(self._pose_now(), goal, self._style, self._rng, care=care):
            self._pose = pose
            yield

    def _rise(self, height_m: float) -> Iterator[None]:
        yield from self._go(self._above(self._pose_now(), height_m))

    def _hesitate(self) -> Iterator[None]:
        yield from self._wait(float(self._rng.exponential(self._style.pause_s)))

    def _set_gripper(self, gripper: float, seconds: float) -> Iterator[None]:
        self._gripper = gripper
        yield from self._wait(seconds)

    @staticmethod
    def _wait(seconds: float) -> Iterator[None]:
        for _ in range(round(seconds / TICK_S)):
            yield
