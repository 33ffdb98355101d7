"""A policy as an agent: it sees an observation and answers with the next actions."""

import torch
from torch import Tensor

from ...datasets.steps import Action, Observation
from ...geometry.poses import apply_delta
from ..data.preprocessing import Seen, require_gripper
from ..policies.chunk_agent import ChunkAgent, policy_actions
from .perception import Perception
from .policy import Features, GroundedPolicy, RobotContext

EXECUTE = 8  # actions of a chunk that are carried out before the next one
SPARE = 2  # at a chunk's end, in which the next one is thought of
REST_M, REST_RAD = 0.015, 0.1  # how far a hand that rests may go


class PolicyAgent(ChunkAgent):
    """Acts by an instruction. Not safe for use from several threads at once.

    Raises TextTooLong where the policy would not read all of it.
    """

    def __init__(self, policy: GroundedPolicy, instruction: str, execute: int = EXECUTE) -> None:
        super().__init__(execute, policy.layout.cameras)
        self._usually = execute
        self.policy = policy
        self._perception = Perception(policy, instruction)
        self.exchanged = self._perception.read.exchanged
        self._start: tuple[Tensor, Tensor] | None = None

    def reset(self) -> None:
        """Forget the run so far; the next observation is the start of a new one."""
        super().reset()
        self._perception.reset()
        self._start = None

    @torch.inference_mode()
    def chunk(self, observation: Observation) -> list[Action]:
        """The whole chunk from here. Sets ``attention``: camera name to (cells, cells),
        the probability that the instruction's target is there, which sums to at most one. A chunk
        that begins with a rest is carried out to where it goes on: at the next look all would be as
        it is now, and the rest begin anew.

        Raises GripperMismatch, MissingCamera when the observation lacks one of the policy's
        cameras, NotCalibrated when it lacks a calibration that the policy learned with.
        """
        require_gripper(self.policy.layout.gripper, observation)
        seen, features, self.attention = self._perception.look(observation)
        robot_context = self._robot_context(features, seen)
        actions = self.policy.act(features, self._perception.words, robot_context)
        offsets, grippers = self.policy.offsets(actions)
        rests = _rests(offsets[0, : self._usually])
        self.execute = max(self._usually, offsets.shape[1] - SPARE) if rests else self._usually
        poses = apply_delta(observation.ee_pose, offsets[0].cpu().double().numpy())
        return policy_actions(poses, None if grippers is None else grippers[0].cpu().numpy())

    def _robot_context(self, features: Features, seen: Seen) -> RobotContext:
        own = (seen.proprioception, seen.origin, seen.direction)
        if self._start is None:
            blank = features.point.new_zeros(1, features.point.shape[2], 3)
            now = RobotContext(*own, blank, blank[..., 0])
            self._start = self.policy.places(features, now)[:, 0], features.visible[:, 0]
        return RobotContext(*own, *self._start)


def _rests(offsets: Tensor) -> bool:
    """Whether a hand that follows offsets (ticks, 6) stays where it is."""
    moved_m, turned_rad = (offsets[:, part].norm(dim=-1) for part in (slice(3), slice(3, 6)))
    return bool((moved_m < REST_M).all() and (turned_rad < REST_RAD).all())
