"""A person who leads the arm by the hand."""

from dataclasses import replace

import numpy as np

from ...datasets.steps import Action, Decider, Observation
from ..devices.contact import near
from ..devices.interfaces import Twist
from .agents import LastTarget, TwistAgent, standing
from .viewing import Cameras, no_cameras

REACH = np.array([0.05, 0.4])  # m and rad: how far ahead of a simulated arm its hand may be


class GuideAgent:
    """Asks for where the arm already is, and for the gripper as keys say. Where nobody can touch
    the arm, held keys are the hand that leads it: the pose is where they pull it to."""

    def __init__(
        self, last_target: LastTarget, period_s: float, cameras: Cameras = no_cameras
    ) -> None:
        self._last_target = last_target
        self._keys = TwistAgent(self._hand, period_s, cameras)
        self._led: Action | None = None

    def reset(self) -> None:
        """Let go."""
        self._keys.reset()
        self._led = None

    def press(self, twist: Twist) -> None:
        """What keys, or another device that a hand holds, ask for now."""
        self._keys.press(twist)

    def act(self, observation: Observation) -> Action:
        pulls = self._keys.active(observation.time_ns)
        asked = self._keys.act(observation) if pulls else standing(observation, self._last_target)
        measured = observation.ee_pose
        pose = near(measured, asked.ee_pose, REACH) if pulls else measured
        self._led = replace(asked, ee_pose=pose, decided_by=Decider.GUIDED)
        return self._led

    def _hand(self) -> Action | None:
        return self._led or self._last_target()
