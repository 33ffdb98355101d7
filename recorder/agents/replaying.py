"""Goes along the way that a take taught, no faster than the limits let it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...datasets.embodiment import Embodiment
from ...datasets.paths import TaughtPath
from ...datasets.steps import Action, Decider, Observation, Pose
from ...geometry.arm_motion import lengths
from ...geometry.kinematics import Kinematics
from ...geometry.poses import apply_delta, pose_delta
from ...runtime.errors import TeachloopError
from ..devices.limits import Limits, confined
from .agents import LastTarget, standing
from .homing import CLEAR_M, HomeAgent

Floats = NDArray[np.float64]
SHARE = 0.9  # of the speeds that the limits let it have
SLOW = 0.15  # of the joints' speeds, on the way to the beginning
WAITS = np.array([0.01, 0.06])  # m and rad: how far the arm may be behind, standing …
LAG_S = 0.2  # … and in motion, by how long
LET_THROUGH = np.array([0.001, 0.005])  # m and rad: so near the limits left what was asked for
PATIENCE_S = 3.0
ENDS_S = 0.4  # that it stays at the end
BEYOND = np.array([0.005, np.radians(1.0)])  # m and rad beyond the limits that show


class BeyondLimits(TeachloopError):
    """A taught way that the station's limits would change."""


class MountedOtherwise(TeachloopError):
    """A way that was taught with what is not mounted."""


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What is asked for at each tick: poses (T, 4, 4) and grippers (T,), where there is one."""

    poses: Floats
    grippers: Floats | None

    @classmethod
    def of(cls, path: TaughtPath, limits: Limits, period_s: float) -> "Schedule":
        """The way at its own pace, or slower where the limits ask for that."""
        delta = pose_delta(path.poses[:-1], path.poses[1:])
        fastest = SHARE * np.array([limits.speed_m_s, limits.rotation_speed_rad_s])
        needed = [np.linalg.norm(part, axis=1) for part in (delta[:, :3], delta[:, 3:])]
        taken_s = np.diff(path.times_s)
        spent = np.maximum(np.max(np.array(needed).T / fastest, axis=1), taken_s)
        at_s = np.concatenate([[0.0], np.cumsum(spent)])
        times = np.append(np.arange(0.0, at_s[-1], period_s), at_s[-1])
        place = np.clip(np.searchsorted(at_s, times, "right") - 1, 0, len(spent) - 1)
        share = (times - at_s[place]) / spent[place]
        return cls(
            apply_delta(path.poses[place], delta[place] * share[:, None]),
            None if path.grippers is None else path.grippers[place + (share >= 1.0)],
        )


class ReplayAgent:
    """``done`` at the end of the way, or where the arm cannot follow: ``gave_up`` says so."""

    def __init__(
        self, last_target: LastTarget, path: TaughtPath, limits: Limits, period_s: float
    ) -> None:
        self.path = path
        self._last_target, self._period_s = last_target, period_s
        self._schedule = Schedule.of(path, limits, period_s)
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.done, self.gave_up = False, ""
        self._place, self._waited_s = 0, 0.0

    def act(self, observation: Observation) -> Action:
        still = standing(observation, self._last_target)
        if self.done:
            return still
        poses = self._schedule.poses
        last = self._place == len(poses) - 1
        if last or self._behind(observation.ee_pose):
            self._wait(last)
        else:
            self._place, self._waited_s = self._place + 1, 0.0
        grippers, pose = self._schedule.grippers, poses[self._place]
        gripper = None if grippers is None else float(grippers[self._place])
        return replace(still, ee_pose=pose, gripper=gripper, decided_by=Decider.SCRIPT)

    def _behind(self, measured: Pose) -> bool:
        """Whether the arm, or what its limits let through, is not yet where it should be: to ask
        for what is farther on would cut corners."""
        poses, place = self._schedule.poses, self._place
        moved = lengths(pose_delta(poses[max(0, place - 1)], poses[place])) / self._period_s
        target = self._last_target()
        held_back = target is not None and place > 0 and _apart(target.ee_pose, poses[place]) > 1.0
        late = lengths(pose_delta(measured, poses[place])) > WAITS + LAG_S * moved
        return held_back or bool(late.any())

    def _wait(self, last: bool) -> None:
        self._waited_s += self._period_s
        if last:
            self.done = self._waited_s > ENDS_S
        elif self._waited_s > PATIENCE_S:
            self.done = True
            at_s = self._place * self._period_s
            self.gave_up = (
                f"The arm cannot follow the taught way at {at_s:.1f} s. The replay ended there: "
                "see what is in its way."
            )


def _apart(target: Pose, asked: Pose) -> float:
    return float((lengths(pose_delta(target, asked)) / LET_THROUGH).max())


def approach(last_target: LastTarget, path: TaughtPath, kinematics: Kinematics) -> HomeAgent:
    """Goes slowly to where a taught way begins: up, then above it, then down."""
    start = kinematics.forward(path.joints_rad)
    above = start.copy()
    above[2, 3] = max(above[2, 3], CLEAR_M)
    joints = kinematics.inverse(above, path.joints_rad, iterations=30)
    goals = (joints, path.joints_rad)
    return HomeAgent(last_target, goals, pace=SLOW, name="The beginning of the take")


def expect_like(taught: Embodiment, mounted: Embodiment) -> None:
    """Raise MountedOtherwise where the way of a tool would be gone along with another."""
    unlike = taught.unlike(mounted)
    if unlike:
        raise MountedOtherwise(
            f"The take was recorded {unlike}. Mount what it had, and set that on Set-up, or teach "
            "the take again."
        )


def expect_within(path: TaughtPath, limits: Limits) -> None:
    """Raise BeyondLimits where the limits would lead the arm elsewhere."""
    for at_s, pose in zip(path.times_s, path.poses, strict=True):
        off = lengths(pose_delta(pose, confined(pose, limits)))
        if (off > BEYOND).any():
            raise BeyondLimits(
                f"The taught way is {100 * off[0]:.1f} cm and {np.degrees(off[1]):.0f}° outside "
                f"the station's limits at {at_s:.1f} s, so the arm would leave "
                "it. Widen the limits on Set-up, or teach it again."
            )
