"""The grounded policy: encoder, grounding attention and action head in one module."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from .config import CAMERAS, QUERIES, PolicyConfig
from .encoder import Encoder, TextFeatures
from .grounding import Grounded, GroundingAttention, lift
from .head import ActionHead
from .tokenizer import encode_batch

TABLE_M = 0.025  # height at which key points are lifted: the middle of a small object
SEEN = 0.5  # probability from which a camera is believed to see a thing
NEAR_M = 0.1  # beyond this the near view of a distance saturates


class Features(NamedTuple):
    """What the frozen part of the policy makes of a tick; this is what is cached."""

    point: Tensor  # (n, cameras, queries, 2)
    visible: Tensor  # (n, cameras, queries)
    pooled: Tensor  # (n, cameras, queries, width)


class RobotContext(NamedTuple):
    """What the robot knows of itself and its cameras at a tick."""

    proprioception: Tensor  # (n, 10)
    origin: Tensor  # (n, cameras, 3) camera centres in metres
    direction: Tensor  # (n, cameras, 3, 3) image fractions to rays
    start_place: Tensor  # (n, queries, 3) where the front camera saw them at the start
    start_visible: Tensor  # (n, queries)


class GroundedPolicy(nn.Module):
    """Instruction and images to an action chunk, by way of where the instruction points."""

    action_scale: Tensor

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.policy_config = config
        self.encoder = Encoder(config)
        self.grounding = GroundingAttention(config)
        self.contrast = nn.Linear(config.width, config.width, bias=False)
        self.temperature = nn.Parameter(torch.tensor(2.0))
        self.head = ActionHead(config)
        self.register_buffer("action_scale", torch.ones(config.chunk, 6))

    def words(self, texts: Sequence[str]) -> TextFeatures:
        """Sentence and token features of n texts; equal texts are encoded once."""
        unique = list(dict.fromkeys(texts))
        ids, mask = encode_batch(unique, self.policy_config.text_length)
        device = self.action_scale.device
        words = self.encoder.words(ids.to(device), mask.to(device))
        rows = [unique.index(text) for text in texts]
        return TextFeatures(*(part[rows] for part in words))

    def ground(self, pixels: Tensor, sentence: Tensor) -> Grounded:
        """Images (n, 3, s, s) and sentence features (n, width) to where it points."""
        return self.grounding(self.encoder.patches(pixels), sentence)

    def features(self, pixels: Tensor, sentence: Tensor) -> Features:
        """Images (n, cameras, 3, s, s) and sentence features (n, width)."""
        cameras = pixels.shape[1]
        grounded = self.ground(pixels.flatten(0, 1), sentence.repeat_interleave(cameras, 0))
        point, visible, pooled = (
            part.unflatten(0, (-1, cameras))
            for part in (grounded.point, grounded.visible, grounded.pooled)
        )
        return Features(point, visible, pooled)

    def act(self, features: Features, words: TextFeatures, situation: RobotContext) -> Tensor:
        """Normalised actions (n, chunk, 7); the last column is a gripper logit."""
        return self.head(
            geometry(features, situation),
            posture(situation.proprioception),
            features.pooled.flatten(1, 2),
            words,
        )

    def offsets(self, actions: Tensor) -> tuple[Tensor, Tensor]:
        """Normalised actions to pose offsets (n, chunk, 6) and gripper in [0, 1]."""
        return actions[..., :6] * self.action_scale, actions[..., 6].sigmoid()


def places(features: Features, situation: RobotContext) -> Tensor:
    """Each camera's key points lifted onto the table: (n, cameras, queries, 3) metres."""
    lifted = [
        lift(features.point[:, c], situation.origin[:, c], situation.direction[:, c], TABLE_M)
        for c in range(features.point.shape[1])
    ]
    return torch.stack(lifted, 1)


def geometry(features: Features, situation: RobotContext) -> Tensor:
    """Where everything is, seen from the end effector: (n, GEOMETRY).

    What is not visible is nowhere: its place would be noise to learn by heart. For the same
    reason nothing here, nor in ``posture``, tells where on the table the hand is.
    """
    visible = torch.cat([features.visible, situation.start_visible[:, None]], 1)
    seen = (visible > SEEN).float()
    place = torch.cat([places(features, situation), situation.start_place[:, None]], 1)
    place, known = _shared(place, seen)
    relative = (place - situation.proprioception[:, None, None, :3]) * known[..., None]
    near = (relative / NEAR_M).clamp(-1, 1) * 2
    return torch.cat([relative * 4, near, seen[..., None] * 2 - 1], -1).flatten(1)


def _shared(place: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """Places (n, views, queries, 3) and which of them are known (n, views, queries): a target
    that the wrist camera does not see is where the front camera sees it."""
    place, known = place.clone(), seen.clone()
    front, wrist, target = CAMERAS.index("front"), CAMERAS.index("wrist"), QUERIES.index("target")
    told = seen[:, front, target] * (1 - seen[:, wrist, target])
    place[:, wrist, target] += told[:, None] * (place[:, front, target] - place[:, wrist, target])
    known[:, wrist, target] += told
    return place, known


def posture(proprioception: Tensor) -> Tensor:
    """Height, orientation and opening of the hand (n, 8) out of proprioception (n, 10)."""
    return proprioception[:, 2:]
