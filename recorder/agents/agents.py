"""Those who decide the next action at the station: hands, scripts, and a policy's mailbox.

Every agent starts from the last target that the limits let through, so a target never runs
away from the arm, and a hand keeps its grip when one agent takes over from another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ...datasets.steps import Action, Decider, Observation, Pose
from ...geometry.poses import apply_delta, pose_delta
from ..devices.interfaces import Agent, Twist
from .viewing import Cameras, in_base, no_cameras

LastTarget = Callable[[], Action | None]

SILENCE_S = 0.2  # held keys that are not repeated for this long mean hold
_SILENCE_NS = round(SILENCE_S * 1e9)


def standing(observation: Observation, last_target: LastTarget) -> Action:
    """Stay: the last target, or where the arm is before there was one."""
    target = last_target()
    if target is not None:
        return replace(target, decided_by=Decider.HOLD)
    pose, gripper = observation.ee_pose, observation.gripper
    return Action(ee_pose=pose, gripper=gripper, decided_by=Decider.HOLD)


class HoldAgent:
    """Keeps the arm where it is."""

    def __init__(self, last_target: LastTarget) -> None:
        self._last_target = last_target

    def reset(self) -> None:
        """Nothing to forget."""

    def act(self, observation: Observation) -> Action:
        return standing(observation, self._last_target)


class TwistAgent:
    """Integrates what a hand asks for into absolute targets; holds after 200 ms of silence."""

    def __init__(
        self, last_target: LastTarget, period_s: float, cameras: Cameras = no_cameras
    ) -> None:
        """``cameras``: by whose pictures directions may be meant."""
        self._last_target, self._period_s, self._cameras = last_target, period_s, cameras
        self._twist: Twist | None = None

    def reset(self) -> None:
        """Let go."""
        self._twist = None

    def press(self, twist: Twist) -> None:
        """What the hand asks for now. To be repeated while it does."""
        self._twist = twist

    def active(self, now_ns: int) -> bool:
        """Whether it asks for motion, as far as one heard within the silence limit."""
        return self.asked(now_ns) is not None

    def asked(self, now_ns: int) -> Twist | None:
        """The motion that it asks for; None where it asks for none."""
        twist = self._twist
        if twist is None or not twist.moves or now_ns - twist.time_ns >= _SILENCE_NS:
            return None
        return twist

    def act(self, observation: Observation) -> Action:
        still = standing(observation, self._last_target)
        twist = self.asked(observation.time_ns)
        if twist is None:
            return still
        velocity = in_base(twist, self._cameras).velocity(still.ee_pose)
        asked, there = twist.gripper, still.gripper is not None
        gripper = asked if there and asked is not None else still.gripper
        pose = apply_delta(still.ee_pose, velocity * self._period_s)
        return Action(ee_pose=pose, gripper=gripper, decided_by=Decider.OPERATOR)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Targets of a policy: the first at ``begins_ns``, the others a period apart."""

    begins_ns: int = 0
    poses: Sequence[Pose] = ()
    grippers: Sequence[float] | None = None  # None: there is no gripper

    def index(self, time_ns: int, period_ns: int) -> int | None:
        """Which target is due; None before the first and after the last."""
        number = (time_ns - self.begins_ns + period_ns // 2) // period_ns
        return number if 0 <= number < len(self.poses) else None


class PolicyMailbox:
    """The newest chunk of a policy that thinks elsewhere; holds when it is used up.

    A chunk made from the observation at ``time_ns`` has its first target at that tick. While the
    arm moves, a late chunk is entered where the clock stands. Where the arm has held since that
    observation, as while a policy thinks for the first time, the chunk is played from its
    beginning, unless it is older than ``STALE_S``. Where the last chunk still goes on, the new one
    takes over from it in ``BLEND_TICKS`` equal steps, so that no seam is felt.
    """

    BLEND_TICKS = 3
    STALE_S = 3.0

    def __init__(self, last_target: LastTarget, period_s: float) -> None:
        self._last_target = last_target
        self._period_ns = round(period_s * 1e9)
        self.reset()

    def reset(self) -> None:
        """Forget the chunks."""
        self._chunk, self._before = Chunk(), Chunk()
        self.time_ns = 0  # of the observation that the newest chunk was made from
        self._waits = False  # whether that chunk begins with the next tick
        self._acted = 0  # ticks on the newest chunk
        self._turn_ns = 0  # the last tick at which the policy was asked
        self._held_ns: int | None = None  # since when it was asked at every tick and held

    def put(self, time_ns: int, poses: Sequence[Pose], grippers: Sequence[float] | None) -> bool:
        """Take a chunk; False where a newer one is already here."""
        if time_ns <= self.time_ns:
            return False
        self._before, self._chunk = self._chunk, Chunk(time_ns, poses, grippers)
        self._waits = self._held_ns is not None and self._held_ns <= time_ns
        self.time_ns, self._acted = time_ns, 0
        return True

    def act(self, observation: Observation) -> Action:
        now_ns = observation.time_ns
        self._begin(now_ns)
        index = self._chunk.index(now_ns, self._period_ns)
        self._note(now_ns, held=index is None)
        if index is None:
            return standing(observation, self._last_target)
        self._acted += 1
        pose = self._blended(self._chunk.poses[index], now_ns)
        grippers = self._chunk.grippers
        gripper = None if grippers is None else grippers[index]
        return Action(ee_pose=pose, gripper=gripper, decided_by=Decider.POLICY)

    def _begin(self, now_ns: int) -> None:
        if self._waits and now_ns - self.time_ns <= self.STALE_S * 1e9:
            self._chunk = replace(self._chunk, begins_ns=now_ns)
        self._waits = False

    def _note(self, now_ns: int, *, held: bool) -> None:
        asked_in_turn = now_ns - self._turn_ns <= 1.5 * self._period_ns
        since_ns = self._held_ns if asked_in_turn and self._held_ns is not None else now_ns
        self._held_ns, self._turn_ns = since_ns if held else None, now_ns

    def _blended(self, pose: Pose, time_ns: int) -> Pose:
        index = self._before.index(time_ns, self._period_ns)
        if index is None or self._acted > self.BLEND_TICKS:
            return pose
        share = self._acted / (self.BLEND_TICKS + 1)
        before = self._before.poses[index]
        return apply_delta(before, share * pose_delta(before, pose))


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
        return standing(observation, self._last_target)


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
