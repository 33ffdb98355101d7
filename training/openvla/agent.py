"""An OpenVLA as an agent: it sees an observation and answers with the next targets."""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.steps import Action, Observation
from ...geometry.poses import apply_delta
from ..data.preprocessing import (
    opening_of,
    proprioception,
    require_cameras,
    require_gripper,
)
from ..policies.chunk_agent import ChunkAgent, policy_actions
from .actions import ARM_WIDTH
from .adapters import OpenVLAPolicy
from .decoding import acting, greedy
from .demonstrations import TICK_HZ, TICKS
from .grounding import middle
from .images import CROP_AREA
from .parallel import predict_chunk
from .settings import PATCH_GRID, PATCHES

RESERVE_TICKS = round(2.0 * TICK_HZ)


class OpenVLAAgent(ChunkAgent):
    """Acts by an instruction. Not safe for use from several threads at once."""

    def __init__(self, policy: OpenVLAPolicy, instruction: str) -> None:
        """Raises NoTokenizer."""
        super().__init__(execute_ticks(policy), policy.cameras)
        self.policy = policy
        self.instruction = instruction
        self._ids = torch.tensor([policy.model.prompt_ids(instruction)], device=policy.model.device)

    def chunk(self, observation: Observation) -> list[Action]:
        """Targets for all ticks of a chunk, on straight lines between its actions.

        Raises GripperMismatch, MissingCamera when the observation lacks one of the policy's
        cameras.
        """
        require_cameras(self.cameras, observation.images)
        require_gripper(self.policy.statistics.has_gripper, observation)
        with acting(self.policy.model):
            actions = self.policy.statistics.restore(self._predicted(observation))
        return spread(observation.ee_pose, actions)

    def _predicted(self, observation: Observation) -> NDArray[np.float64]:
        """Normalised actions (steps, 7); (steps, 6) without a gripper."""
        policy = self.policy
        images = [observation.images[name] for name in policy.cameras]
        views = policy.model.image_processor(images, policy.cropped)
        pixels = views.flatten(0, 1)[None].to(policy.model.device, policy.model.dtype)
        if policy.head is None:
            steps = len(policy.statistics.q01)
            answer = greedy(
                policy.model, pixels, self._ids, steps=steps, hidden=self._shows_attention
            )
            self._show(answer.hidden)
            return policy.model.action_tokenizer.decode(answer.tokens.cpu().numpy())
        body = torch.from_numpy(self._body(observation))[None].to(pixels.device)
        mask = torch.ones_like(self._ids)
        chunk = predict_chunk(
            policy.model, policy.head, pixels, self._ids, mask, body, self._shows_attention
        )
        self._show(chunk.hidden)
        return chunk.actions[0].double().cpu().numpy()

    def _body(self, observation: Observation) -> NDArray[np.float32]:
        state = proprioception(observation.ee_pose, opening_of(observation))
        body = self.policy.body
        return state if body is None else body.normalise(state).astype(np.float32)

    @property
    def _shows_attention(self) -> bool:
        return self.policy.grounding is not None

    def _show(self, hidden: Sequence[Tensor]) -> None:
        """Where the instruction points, for who looks on; 0 where there is nothing to show."""
        grounding, policy = self.policy.grounding, self.policy
        if grounding is None:
            return
        added = len(policy.cameras) * PATCHES + (policy.head is not None)
        last = torch.tensor([self._ids.shape[1] - 1 + added], device=self._ids.device)
        likely = grounding(hidden[middle(len(hidden) - 1)], last)[0].softmax(0)[:-1]
        grid = likely.reshape(PATCH_GRID, PATCH_GRID).float().cpu().numpy()
        self.attention = {policy.cameras[0]: uncropped(grid) if policy.cropped else grid}


def uncropped(grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map of the middle of a picture (16, 16) as one of the whole picture (64, 64)."""
    side = 4 * PATCH_GRID
    inner = round(side * CROP_AREA**0.5)
    whole, before = np.zeros((side, side), np.float32), (side - inner) // 2
    middle_part = slice(before, before + inner)
    whole[middle_part, middle_part] = cv2.resize(grid, (inner, inner))
    return whole


def execute_ticks(policy: OpenVLAPolicy) -> int:
    """Robot ticks before the next look: one action token's worth, or half a chunk."""
    steps = policy.head.plan.steps if policy.head else 1
    return TICKS * max(1, steps // 2)


def spread(pose: NDArray[np.float64], actions: NDArray[np.float64]) -> list[Action]:
    """Actions (steps, 7), or (steps, 6) without a gripper, each seen from ``pose`` (4, 4), as a
    target for every robot tick.

    The last target stays for RESERVE_TICKS more: an answer that comes late is still followed.
    """
    ends = np.concatenate([np.zeros((1, 6)), actions[:, :6]])
    ticks = np.arange(1, len(actions) * TICKS + 1) / TICKS
    offsets = np.stack([np.interp(ticks, np.arange(len(ends)), column) for column in ends.T], 1)
    closing = actions[:, 6] if actions.shape[1] > ARM_WIDTH else None
    grippers = None if closing is None else np.repeat(closing, TICKS)
    planned = policy_actions(apply_delta(pose, offsets), grippers)
    return planned + [planned[-1]] * RESERVE_TICKS
