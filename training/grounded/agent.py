"""A policy as an agent: it sees an observation and answers with the next actions."""

import torch
from torch import Tensor

from ...datasets.steps import Action, Observation
from ...geometry.poses import apply_delta
from ..data.preprocessing import Seen, observe, require_gripper
from ..policies.chunk_agent import ChunkAgent, policy_actions
from .grounding import around_peak
from .policy import Features, GroundedPolicy, RobotContext
from .target_tracker import TargetTracker
from .tokenizer import require_fitting

EXECUTE = 8  # actions of a chunk that are carried out before the next one


class PolicyAgent(ChunkAgent):
    """Acts by an instruction. Not safe for use from several threads at once.

    Raises TextTooLong where the policy would not read all of it.
    """

    def __init__(self, policy: GroundedPolicy, instruction: str, execute: int = EXECUTE) -> None:
        super().__init__(execute, policy.layout.cameras)
        require_fitting([instruction], policy.policy_config.text_length)
        self.policy = policy.eval()
        self.instruction = instruction
        self._words = None
        self._tracker = self._new_tracker()
        self._start: tuple[Tensor, Tensor] | None = None

    def reset(self) -> None:
        """Forget the run so far; the next observation is the start of a new one."""
        super().reset()
        self._tracker = self._new_tracker()
        self._start = None

    def _new_tracker(self) -> TargetTracker:
        return TargetTracker(len(self.policy.policy_config.queries), self.policy.layout.lifted)

    @torch.inference_mode()
    def chunk(self, observation: Observation) -> list[Action]:
        """The whole chunk from here. Sets ``attention``: camera name to (cells, cells),
        the probability that the instruction's target is there, which sums to at most one.

        Raises GripperMismatch, MissingCamera when the observation lacks one of the policy's
        cameras, NotCalibrated when it lacks a calibration that the policy learned with.
        """
        layout = self.policy.layout
        size = self.policy.policy_config.image_size
        require_gripper(layout.gripper, observation)
        seen = observe(observation, size, layout.cameras, layout.lifted)
        if self._words is None:
            self._words = self.policy.words([self.instruction])
        features = self._look(seen)
        robot_context = self._robot_context(features, seen)
        actions = self.policy.act(features, self._words, robot_context)
        offsets, grippers = self.policy.offsets(actions)
        poses = apply_delta(observation.ee_pose, offsets[0].double().numpy())
        return policy_actions(poses, None if grippers is None else grippers[0].numpy())

    def _look(self, seen: Seen) -> Features:
        assert self._words is not None
        features, logits = self._tracker.look(
            self.policy, seen.pixels[0], self._words, seen.origin[0], seen.direction[0]
        )
        side = self.policy.policy_config.cells
        target = around_peak(logits[:, 0, :-1], side) * features.visible[0, :, :1]
        maps = target.reshape(-1, side, side).numpy()
        self.attention = dict(zip(self.policy.layout.cameras, maps, strict=True))
        return features

    def _robot_context(self, features: Features, seen: Seen) -> RobotContext:
        own = (seen.proprioception, seen.origin, seen.direction)
        if self._start is None:
            blank = torch.zeros(1, features.point.shape[2], 3)
            now = RobotContext(*own, blank, blank[..., 0])
            self._start = self.policy.places(features, now)[:, 0], features.visible[:, 0]
        return RobotContext(*own, *self._start)
