"""The robot that never gets more than its limits allow: of the hand, then of each joint.

With nothing asked the arm brakes, then takes the joints it measures as its target, once: what
presses on it, or what it presses on, is let go, and it does not creep. A target that the arm
cannot follow waits for it, so that turning back works at once.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider, Pose
from ...geometry.arm_motion import ArmMotion, lengths
from ...geometry.panda import jacobian
from ...geometry.poses import apply_delta, pose_delta
from .interfaces import Robot, RobotState
from .limits import Bounds, Limits, limit

Points = NDArray[np.float64]  # (points, 7), joint angles until the next tick
LEAD_M, LEAD_RAD = 0.05, 0.3  # how far a target may be ahead of what is commanded …
PRESS_M, PRESS_RAD = 0.02, 0.1  # … and of what is measured, and so how hard the arm presses
LAG_TICKS = 3  # that the measured arm may be behind a moving target
SETTLE_S = 0.15  # from the last movement that was commanded to the joints that are kept


class LimitedRobot:
    """A robot behind its limits. ``target`` and ``clipped`` tell of the last action."""

    def __init__(self, robot: Robot, limits: Limits, period_s: float) -> None:
        self._robot, self._limits, self._period_s = robot, limits, period_s
        self._state: RobotState | None = None
        self._motion: ArmMotion | None = None
        self._rested_s = 0.0
        self._kept: NDArray[np.float64] | None = None
        self.target: Action | None = None
        self.clipped: tuple[str, ...] = ()

    def __enter__(self) -> "LimitedRobot":
        self._robot.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._robot.__exit__(*error)

    @property
    def resting(self) -> bool:
        """Whether nothing moves, or should move: the measured joints are kept."""
        motion = self._motion
        return self._kept is not None and motion is not None and motion.still

    def read(self) -> RobotState:
        """The newest reading; the next action is judged against it."""
        self._state = self._robot.read()
        return self._state

    def apply(self, action: Action) -> Action:
        """Send what the limits leave of ``action``; returns that, with the way there."""
        state = self._state or self.read()
        motion = self._motion or ArmMotion(
            state.joint_positions_rad, self._limits.joints, self._period_s
        )
        self._motion = motion
        if action.decided_by == Decider.HOLD:
            allowed, points, clipped = self._rest(action, motion, state)
        else:
            allowed, points, clipped = self._move(action, motion, state)
        self.clipped = (*clipped, *(name for name in motion.clipped if name not in clipped))
        self.target = allowed
        return self._robot.apply(replace(allowed, ee_pose=motion.pose, points_rad=points))

    def stop(self) -> None:
        """Brake at once, then keep the measured joints; the hand keeps its grip."""
        self._robot.stop()
        self._kept, self._rested_s = None, 0.0
        if self.target is not None and self._motion is not None:
            self.target = replace(self.target, ee_pose=self._motion.pose)

    def brake(self) -> bool:
        """Come to rest from what was commanded, without a reading to judge by; False where
        nothing was commanded."""
        if self.target is None or self._motion is None:
            return False
        self._kept, self._rested_s = None, 0.0
        points = self._motion.brake()
        self.target = replace(
            self.target, ee_pose=self._motion.pose, joints_rad=None, decided_by=Decider.HOLD
        )
        self._robot.apply(replace(self.target, points_rad=points))
        return True

    def acknowledge(self) -> None:
        """A person saw the robot's error: clear it, and start over from where the arm is."""
        self._robot.acknowledge()
        self.forget()

    def forget(self) -> None:
        """Start over from the measured joints, as after a new scene."""
        self.target, self._motion, self._kept, self._rested_s = None, None, None, 0.0

    def _move(
        self, action: Action, motion: ArmMotion, state: RobotState
    ) -> tuple[Action, Points, tuple[str, ...]]:
        self._kept, self._rested_s = None, 0.0
        reference = self.target.ee_pose if self.target else motion.pose
        bounds = Bounds(
            limits=self._limits, period_s=self._period_s, reference=reference, state=state
        )
        if action.joints_rad is not None:
            points = motion.towards_joints(action.joints_rad)
            at = replace(action, ee_pose=motion.pose, joints_rad=None)
            return replace(limit(at, bounds)[0], ee_pose=motion.pose), points, ()
        allowed, clipped = limit(action, bounds)
        asked = lengths(pose_delta(reference, allowed.ee_pose))
        pose = self._within_reach(allowed.ee_pose, motion, state)
        return replace(allowed, ee_pose=pose), motion.towards(pose, asked), clipped

    def _within_reach(self, target: Pose, motion: ArmMotion, state: RobotState) -> Pose:
        """The target, near what is commanded and near what is measured: where the arm meets
        something, it presses no harder than that, and turns back at once."""
        speed = jacobian(state.joint_positions_rad) @ state.joint_velocities_rad_s
        pressing = np.array([PRESS_M, PRESS_RAD]) + LAG_TICKS * self._period_s * lengths(speed)
        near = _near(motion.pose, target, np.array([LEAD_M, LEAD_RAD]))
        return _near(state.ee_pose, near, pressing)

    def _rest(
        self, action: Action, motion: ArmMotion, state: RobotState
    ) -> tuple[Action, Points, tuple[str, ...]]:
        self._rested_s += self._period_s if motion.still else 0.0
        if self._kept is None and self._rested_s > SETTLE_S:
            self._kept = state.joint_positions_rad.copy()
        points = motion.brake() if self._kept is None else motion.keep(self._kept)
        return replace(action, ee_pose=motion.pose), points, ()


def _near(pose: Pose, target: Pose, most: NDArray[np.float64]) -> Pose:
    """The target, or where the way to it is as long as it may be: metres and radians (2,)."""
    delta = pose_delta(pose, target)
    far = float((np.array(lengths(delta)) / most).max())
    return target if far <= 1.0 else apply_delta(pose, delta / far)
