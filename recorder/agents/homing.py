"""Brings the arm to joint angles: home, or to where something begins."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider, Observation
from ...geometry import panda
from .agents import LastTarget, standing

Joints = NDArray[np.float64]  # (7,)
CLEAR_M = 0.15  # above the table before the joints turn
RISES_M = 0.02  # that a slow arm is asked to go up at a tick


class HomeAgent:
    """Brings the arm up, then from joint angles to joint angles (7,); leaves the hand alone. An
    arm that is near the last of them goes there at once.

    ``pace``: share of the joints' speeds. ``done`` once it is there, or has given up: then
    ``gave_up`` says why.
    """

    NEAR_RAD = 0.03
    BESIDE_RAD = 0.1
    STILL_RAD_S = 0.01  # slower than that, it has arrived
    PROGRESS = 0.01  # radians or metres …
    PATIENCE_S = 3.0  # … that have to be gained in this time

    def __init__(
        self,
        last_target: LastTarget,
        goals: Sequence[Joints] = (panda.HOME_JOINTS_RAD,),
        *,
        pace: float = 1.0,
        name: str = "Home",
    ) -> None:
        self._last_target = last_target
        self._goals, self._pace, self._name = goals, pace, name
        self.reset()

    def reset(self) -> None:
        """Go again."""
        self.done, self.gave_up = False, ""
        self._clear, self._best, self._gained_ns = False, np.inf, 0
        self._left_goals = list(self._goals)

    def act(self, observation: Observation) -> Action:
        still = standing(observation, self._last_target)
        left = self._left(observation)
        self.done = self.done or (self._clear and not self._left_goals)
        if self.done:
            return still
        if left < self._best - self.PROGRESS:
            self._best, self._gained_ns = left, observation.time_ns
        elif observation.time_ns - self._gained_ns > self.PATIENCE_S * 1e9:
            self._give_up(left)
            return still
        return replace(self._next(still, observation), decided_by=Decider.SCRIPT)

    def _left(self, observation: Observation) -> float:
        """What is left of the way up, in metres; then of the way to the next joint angles, of the
        farthest joint."""
        joints = observation.joint_positions_rad
        if not self._clear and _away(joints, self._goals[-1]) < self.BESIDE_RAD:
            self._left_goals = [self._goals[-1]]
            self._go_on()
        if not self._clear and observation.ee_pose[2, 3] >= CLEAR_M:
            self._go_on()
        moves = np.abs(observation.joint_velocities_rad_s).max() > self.STILL_RAD_S
        while self._clear and self._left_goals:
            left = _away(joints, self._left_goals[0])
            if left >= self.NEAR_RAD or (moves and len(self._left_goals) == 1):
                return left
            del self._left_goals[0]
            self._best = np.inf
        return 0.0 if self._clear else float(CLEAR_M - observation.ee_pose[2, 3])

    def _go_on(self) -> None:
        self._clear, self._best = True, np.inf

    def _next(self, still: Action, observation: Observation) -> Action:
        if self._clear:
            return replace(still, joints_rad=self._left_goals[0], pace=self._pace)
        up = observation.ee_pose.copy()
        rise = np.inf if self._pace == 1.0 else up[2, 3] + RISES_M
        up[2, 3] = min(CLEAR_M + self.PROGRESS, rise)
        return replace(still, ee_pose=up)

    def _give_up(self, left: float) -> None:
        if not self._clear:  # where it cannot go up, it may still turn
            self._go_on()
            return
        self.done = True
        self.gave_up = (
            f"{self._name} was not reached: a joint is {np.degrees(left):.0f}° away and does not "
            "come nearer. Free the arm, then ask for it again."
        )


def _away(joints: Joints, goal: Joints) -> float:
    return float(np.abs(joints - goal).max())
