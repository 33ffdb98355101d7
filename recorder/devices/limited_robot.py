"""The robot that never gets more than its limits allow: of the hand, then of each joint.

With nothing asked the arm brakes, then takes the joints it measures as its target: what
presses on it, or what it presses on, is let go, and it does not creep. A target that the arm
cannot follow waits for it, so that turning back works at once. While a person leads the arm by
the hand nothing is limited but the fingers; once let go, it brakes from where it is.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider, Pose
from ...geometry.arm_motion import ArmMotion, lengths
from ...geometry.arms import ARMS
from ...geometry.kinematics import Kinematics
from ...geometry.panda import HAND_TOOL
from ...geometry.poses import pose_delta
from .contact import Contact
from .interfaces import GuidedRobot, Robot, RobotState
from .limits import Bounds, Limits, limit

Points = NDArray[np.float64]  # (points, 7), joint angles until the next tick
SETTLE_S = 0.05  # from the last movement that was commanded to the joints that are kept
PRESSING_M = 0.002  # off what is commanded: it presses on something
LEAVES_S, LONGEST_S = 0.18, 1.0  # that the driver brakes an arm that was led: at least, at most
STILL_RAD_S = 0.01  # slower than that is a standstill


class LimitedRobot:
    """A robot behind its limits, which hold for its tool's centre point. ``target`` and ``clipped``
    tell of the last action."""

    def __init__(
        self, robot: Robot, limits: Limits, period_s: float, flange_to_tool: Pose = HAND_TOOL
    ) -> None:
        self._robot, self._limits, self._period_s = robot, limits, period_s
        self.kinematics = Kinematics(ARMS[limits.arm], flange_to_tool)
        self._state: RobotState | None = None
        self._motion: ArmMotion | None = None
        self._contact = self._no_contact()
        self._rest = Rest()
        self._led: Led | None = None
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
        return self._rest.kept is not None and motion is not None and motion.still

    def read(self) -> RobotState:
        """The newest reading; the next action is judged against it."""
        self._state = self._robot.read()
        return self._state

    def apply(self, action: Action) -> Action:
        """Send what the limits leave of ``action``; returns that, with the way there."""
        state = self._state or self.read()
        if action.decided_by == Decider.GUIDED and isinstance(self._robot, GuidedRobot):
            return self._guide(action, state, self._robot)
        if self._led is not None and self._led.moves(state, self._period_s):
            return self._robot.apply(self._follow(action, state, Decider.HOLD))
        self._led = None
        motion = self._motion or ArmMotion(
            self.kinematics, state.joint_positions_rad, self._limits.joints, self._period_s
        )
        self._motion = motion
        if action.decided_by == Decider.HOLD:
            allowed, points, clipped = self._brake_or_keep(action, motion, state)
        else:
            allowed, points, clipped = self._move(action, motion, state)
        self.clipped = (*clipped, *(name for name in motion.clipped if name not in clipped))
        self.target = allowed
        return self._robot.apply(replace(allowed, ee_pose=motion.pose, points_rad=points))

    def _guide(self, action: Action, state: RobotState, robot: GuidedRobot) -> Action:
        """Let a person lead the arm: what is asked for is where it is."""
        self.forget()
        self._led = Led()
        if action.gripper is not None:
            action = replace(action, gripper=float(np.clip(action.gripper, 0.0, 1.0)))
        robot.guide(action)
        return self._follow(action, state, Decider.GUIDED)

    def _follow(self, action: Action, state: RobotState, decider: Decider) -> Action:
        """Nothing but where the arm is, as a target: the driver leads, or brakes, by itself."""
        self.clipped = ()
        pose = state.ee_pose
        self.target = replace(action, ee_pose=pose, joints_rad=None, decided_by=decider)
        return self.target

    def stop(self) -> None:
        """Brake at once, then keep the measured joints; the hand keeps its grip."""
        self._robot.stop()
        self._rest = Rest()
        if self.target is not None and self._motion is not None:
            self.target = replace(self.target, ee_pose=self._motion.pose)

    def brake(self) -> bool:
        """Come to rest from what was commanded, without a reading to judge by; False where
        nothing was commanded."""
        if self.target is None or self._motion is None:
            return False
        self._rest = Rest()
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
        self.target, self._motion, self._rest, self._led = None, None, Rest(), None
        self._contact = self._no_contact()

    def _no_contact(self) -> Contact:
        return Contact(self.kinematics, self._limits.press_m, self._period_s)

    def _move(
        self, action: Action, motion: ArmMotion, state: RobotState
    ) -> tuple[Action, Points, tuple[str, ...]]:
        self._rest = Rest()
        reference = self.target.ee_pose if self.target else motion.pose
        bounds = Bounds(
            limits=self._limits, period_s=self._period_s, reference=reference, state=state
        )
        if action.joints_rad is not None:
            points = motion.towards_joints(action.joints_rad, action.pace)
            at = replace(action, ee_pose=motion.pose, joints_rad=None)
            return replace(limit(at, bounds)[0], ee_pose=motion.pose), points, ()
        allowed, clipped = limit(action, bounds)
        asked = lengths(pose_delta(reference, allowed.ee_pose))
        pose = self._contact.within_reach(allowed.ee_pose, asked, motion.pose, state)
        if self._contact.touched:
            clipped = (*clipped, "contact")
        return replace(allowed, ee_pose=pose), motion.towards(pose, asked), clipped

    def _brake_or_keep(
        self, action: Action, motion: ArmMotion, state: RobotState
    ) -> tuple[Action, Points, tuple[str, ...]]:
        kept = self._rest.joints(motion, state, self._period_s)
        points = motion.brake() if kept is None else motion.keep(kept)
        return replace(action, ee_pose=motion.pose), points, ()


@dataclass(slots=True)
class Led:
    """A person led the arm: whether it still moves, since it was let go."""

    left_s: float = 0.0

    def moves(self, state: RobotState, period_s: float) -> bool:
        """Whether the driver still brakes the arm; asked once a tick."""
        self.left_s += period_s
        speed = float(np.abs(state.joint_velocities_rad_s).max())
        return self.left_s <= LEAVES_S or (speed > STILL_RAD_S and self.left_s < LONGEST_S)


@dataclass(slots=True)
class Rest:
    """For how long nothing was commanded to move, and which joints (7,) are kept since."""

    still_s: float = 0.0
    kept: NDArray[np.float64] | None = None
    times: int = 0

    def joints(
        self, motion: ArmMotion, state: RobotState, period_s: float
    ) -> NDArray[np.float64] | None:
        """The joints to keep, None while the arm brakes: those measured once it is still. What
        pressed on it may spring back when it is let go, so where it still presses, once more."""
        self.still_s += period_s if motion.still else 0.0
        pressing = np.linalg.norm((motion.pose - state.ee_pose)[:3, 3]) > PRESSING_M
        if self.times < 2 and self.still_s > SETTLE_S * (self.times + 1):
            self.times += 1
            if pressing or self.kept is None:
                self.kept = state.joint_positions_rad.copy()
        return self.kept
