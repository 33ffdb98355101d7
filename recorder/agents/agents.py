"""Those who decide the next action at the station: hands, scripts, and a policy's mailbox.

Every agent starts from the last target that the limits let through, so a target never runs
away from the arm, and a hand keeps its grip when one agent takes over from another.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from ...datasets.steps import Action, Decider, Observation, Pose
from ...geometry import panda
from ...geometry.poses import apply_delta
from ..devices.interfaces import Agent, Twist

LastTarget = Callable[[], Action | None]

SILENCE_S = 0.2  # held keys that are not repeated for this long mean hold
_SILENCE_NS = round(SILENCE_S * 1e9)


def _standing(observation: Observation, last_target: LastTarget) -> Action:
    """Stay: the last target, or where the arm is before there was one."""
    target = last_target()
    if target is not None:
        return replace(target, decided_by=Decider.HOLD)
    gripper = min(1.0, max(0.0, observation.gripper_width_m / panda.HAND_OPENING_M))
    return Action(ee_pose=observation.ee_pose, gripper=gripper, decided_by=Decider.HOLD)


class HoldAgent:
    """Keeps the arm where it is."""

    def __init__(self, last_target: LastTarget) -> None:
        self._last_target = last_target

    def reset(self) -> None:
        """Nothing to forget."""

    def act(self, observation: Observation) -> Action:
        return _standing(observation, self._last_target)


class TwistAgent:
    """Integrates what a hand asks for into absolute targets; holds after 200 ms of silence."""

    def __init__(self, last_target: LastTarget, period_s: float) -> None:
        self._last_target, self._period_s = last_target, period_s
        self._twist: Twist | None = None

    def reset(self) -> None:
        """Let go."""
        self._twist = None

    def press(self, twist: Twist) -> None:
        """What the hand asks for now. To be repeated while it does."""
        self._twist = twist

    def active(self, now_ns: int) -> bool:
        """Whether it asks for motion, as far as one heard within the silence limit."""
        twist = self._twist
        return twist is not None and twist.moves and now_ns - twist.time_ns < _SILENCE_NS

    def act(self, observation: Observation) -> Action:
        standing = _standing(observation, self._last_target)
        if not self.active(observation.time_ns) or self._twist is None:
            return standing
        velocity = np.array([*self._twist.linear_m_s, *self._twist.angular_rad_s])
        gripper = standing.gripper if self._twist.gripper is None else self._twist.gripper
        pose = apply_delta(standing.ee_pose, velocity * self._period_s)
        return Action(ee_pose=pose, gripper=gripper, decided_by=Decider.OPERATOR)


class PolicyMailbox:
    """The newest chunk of a policy that thinks elsewhere; holds when it is used up.

    A chunk made from the observation at ``time_ns`` has its first target at that tick; a
    late chunk is entered where the clock stands, never replayed from its beginning.
    """

    def __init__(self, last_target: LastTarget, period_s: float) -> None:
        self._last_target = last_target
        self._period_ns = round(period_s * 1e9)
        self.reset()

    def reset(self) -> None:
        """Forget the chunk."""
        self.time_ns = 0
        self._poses: Sequence[Pose] = ()
        self._grippers: Sequence[float] = ()

    def put(self, time_ns: int, poses: Sequence[Pose], grippers: Sequence[float]) -> bool:
        """Take a chunk; False where a newer one is already here."""
        if time_ns <= self.time_ns:
            return False
        self.time_ns, self._poses, self._grippers = time_ns, poses, grippers
        return True

    def act(self, observation: Observation) -> Action:
        index = (observation.time_ns - self.time_ns + self._period_ns // 2) // self._period_ns
        if not 0 <= index < len(self._poses):
            return _standing(observation, self._last_target)
        return Action(
            ee_pose=self._poses[index], gripper=self._grippers[index], decided_by=Decider.POLICY
        )


class TeleopDevice(Agent, Protocol):
    """An agent that knows whether somebody is at it."""

    def active(self, now_ns: int) -> bool: ...


class TeleopDevices:
    """Several hands as one: whichever is active acts."""

    def __init__(self, devices: Sequence[TeleopDevice], last_target: LastTarget) -> None:
        self._devices, self._last_target = devices, last_target

    def reset(self) -> None:
        """All let go."""
        for device in self._devices:
            device.reset()

    def active(self, now_ns: int) -> bool:
        return any(device.active(now_ns) for device in self._devices)

    def act(self, observation: Observation) -> Action:
        for device in self._devices:
            if device.active(observation.time_ns):
                return device.act(observation)
        return _standing(observation, self._last_target)


class InterventionAgent:
    """An agent that a person can take over from, and let go on."""

    def __init__(self, agent: Agent, by: TeleopDevice) -> None:
        self._agent, self._hand = agent, by

    def reset(self) -> None:
        """Start both over."""
        self._agent.reset()
        self._hand.reset()

    def act(self, observation: Observation) -> Action:
        taken_over = self._hand.active(observation.time_ns)
        return (self._hand if taken_over else self._agent).act(observation)


class HomeAgent:
    """Brings the arm to its home pose, as fast as the limits allow; leaves the hand alone."""

    NEAR_M = 0.01

    def __init__(self, last_target: LastTarget) -> None:
        self._last_target = last_target
        self._home = panda.forward_kinematics(panda.HOME_JOINTS_RAD)
        self.done = False

    def reset(self) -> None:
        """Go again."""
        self.done = False

    def act(self, observation: Observation) -> Action:
        away = np.linalg.norm(observation.ee_pose[:3, 3] - self._home[:3, 3])
        self.done = bool(away < self.NEAR_M)
        standing = _standing(observation, self._last_target)
        return replace(standing, ee_pose=self._home, decided_by=Decider.SCRIPT)
