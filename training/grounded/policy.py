"""The grounded policy: encoder, grounding attention and action head in one module."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ..data.samples import Sampling
from ..objectives.interface import Decoding
from .clip_encoder import ClipEncoder
from .config import PolicyConfig
from .convolutional_encoder import ConvolutionalEncoder
from .decoding import Proposes, decode
from .encoder import Encoder, TextFeatures
from .grounding import Grounded, GroundingAttention, lift
from .head import ActionHead
from .layout import PolicyLayout, base_layout
from .orientation import orientations, seen_from_hand
from .tokenizer import fits

TABLE_M = 0.025  # height at which key points are lifted: the middle of a small object
SEEN = 0.5  # probability from which a camera is believed to see a thing
NEAR_M = 0.1  # beyond this the near view of a distance saturates
MIDDLE_M = (0.5, 0.0, 0.1)  # of where hands work


ENCODERS: dict[str, Callable[[PolicyConfig], Encoder]] = {
    "clip": ClipEncoder,
    "convolutional": ConvolutionalEncoder,
}


class Features(NamedTuple):
    """What the frozen part of the policy makes of a tick; this is what is cached."""

    point: Tensor  # (n, cameras, queries, 2)
    visible: Tensor  # (n, cameras, queries)
    pooled: Tensor  # (n, cameras, queries, width)
    orientation: Tensor  # (n, cameras, queries, NUMBERS) on the table


class RobotContext(NamedTuple):
    """What the robot knows of itself and its cameras at a tick."""

    proprioception: Tensor  # (n, 10), or (n, 9) without a gripper
    origin: Tensor  # (n, cameras, 3) camera centres in metres
    direction: Tensor  # (n, cameras, 3, 3) image fractions to rays
    start_place: Tensor  # (n, queries, 3) where the first camera saw them at the start
    start_visible: Tensor  # (n, queries)


def sampling(config: PolicyConfig, layout: PolicyLayout, stride: int) -> Sampling:
    """What a policy with these cameras reads of a run."""
    return Sampling(
        cameras=layout.cameras,
        image_size=config.image_size,
        chunk=config.chunk,
        rate_hz=config.rate_hz,
        stride=stride,
        lifted=layout.lifted,
        reads=partial(fits, length=config.text_length),
    )


class Telling(NamedTuple):
    """Whom the first fixed camera tells of what it sees: the first one on the hand."""

    teller: int
    told: int
    query: int


def _telling(config: PolicyConfig) -> Telling | None:
    mounts = list(config.cameras.values())
    if set(mounts) != {"base", "end_effector"} or "target" not in config.queries:
        return None
    pair = mounts.index("base"), mounts.index("end_effector")
    return Telling(*pair, config.queries.index("target"))


class GroundedPolicy(nn.Module):
    """Instruction and images to an action chunk, by way of where the instruction points."""

    action_scale: Tensor

    def __init__(
        self,
        config: PolicyConfig,
        layout: PolicyLayout | None = None,
        decoding: Decoding = "regression",
    ) -> None:
        super().__init__()
        self.policy_config = config
        self.decoding: Decoding = decoding
        self.vocabulary = config.vocabulary
        self.layout = layout or base_layout(config)
        self.telling = _telling(config) if self.layout.lifted else None
        self.encoder = ENCODERS[config.encoder](config)
        self.grounding = GroundingAttention(config)
        self.contrast = nn.Linear(config.width, config.width, bias=False)
        self.temperature = nn.Parameter(torch.tensor(2.0))
        self.head = ActionHead(
            config,
            len(self.layout.inputs) - len(config.cameras),
            self.layout.gripper,
            drafts=decoding != "regression",
        )
        self.register_buffer("action_scale", torch.ones(config.chunk, 6))

    @property
    def device(self) -> torch.device:
        """Where it computes, and what it is given must lie."""
        return self.action_scale.device

    def words(self, texts: Sequence[str]) -> TextFeatures:
        """Sentence and token features of n texts; equal texts are encoded once."""
        unique = list(dict.fromkeys(texts))
        words = self.encoder.words(unique)
        rows = [unique.index(text) for text in texts]
        return TextFeatures(*(part[rows] for part in words))

    def ground(self, pixels: Tensor, sentence: Tensor) -> Grounded:
        """Images (n, 3, s, s) and sentence features (n, width) to where it points."""
        return self.grounding(self.encoder.cells(pixels), sentence)

    def features(
        self, pixels: Tensor, sentence: Tensor, origin: Tensor, direction: Tensor
    ) -> Features:
        """Images (n, cameras, 3, s, s) with their rays, and sentence features (n, width)."""
        images = pixels.flatten(0, 1)
        grounded = self.ground(images, sentence.repeat_interleave(pixels.shape[1], 0))
        return by_camera(grounded, images, origin, direction)

    def act(self, features: Features, words: TextFeatures, now: RobotContext) -> Tensor:
        """Normalised actions (n, chunk, arm + 1), the last column a gripper logit; (n, chunk, arm)
        without a gripper."""
        proposes = self.proposing(features, words, now)
        blank = self.head.blank(len(now.proprioception))
        return decode(self.decoding, proposes, blank, self.layout.gripper)

    def proposing(self, features: Features, words: TextFeatures, now: RobotContext) -> Proposes:
        """What the head says of drafts of a chunk."""
        features, now = self._at_inputs(features, now)
        seen = (geometry if self.layout.lifted else image_geometry)(self.telling, features, now)
        turned = seen_from_hand(features.orientation, now.proprioception)
        turned = turned * (features.visible > SEEN)[..., None]
        own = posture(now.proprioception)
        return partial(self.head, seen, own, features.pooled, turned, words)

    def _at_inputs(self, features: Features, now: RobotContext) -> tuple[Features, RobotContext]:
        """Both with a camera for every input of the head: one that is not there sees nothing."""
        if None not in self.layout.inputs:
            return features, now

        def placed(part: Tensor) -> Tensor:
            whole = part.new_zeros(len(part), len(self.layout.inputs), *part.shape[2:])
            whole[:, list(self.layout.filled)] = part
            return whole

        moved = now._replace(origin=placed(now.origin), direction=placed(now.direction))
        return Features(*(placed(part) for part in features)), moved

    def places(self, features: Features, now: RobotContext) -> Tensor:
        """Each camera's key points (n, cameras, queries, 3): in metres where they are lifted, else
        in the image."""
        return places(features, now) if self.layout.lifted else image_places(features)

    def offsets(self, actions: Tensor) -> tuple[Tensor, Tensor | None]:
        """Normalised actions to pose offsets (n, chunk, 6) and gripper in [0, 1], where there is
        one."""
        arm = self.policy_config.arm
        moved = actions[..., :arm] * self.action_scale[:, :arm]
        closing = actions[..., -1].sigmoid() if self.layout.gripper else None
        return F.pad(moved, (0, 6 - arm)), closing


def by_camera(grounded: Grounded, images: Tensor, origin: Tensor, direction: Tensor) -> Features:
    """What was found in images (n · cameras, 3, s, s), those of a tick side by side, with the rays
    (n, cameras, …) of each."""
    rays = origin.flatten(0, 1), direction.flatten(0, 1)
    orientation = orientations(images, *rays, grounded.region, TABLE_M)
    parts = grounded.point, grounded.visible, grounded.pooled, orientation
    return Features(*(part.unflatten(0, origin.shape[:2]) for part in parts))


def places(features: Features, now: RobotContext) -> Tensor:
    """Each camera's key points lifted onto the table: (n, cameras, queries, 3) metres."""
    lifted = [
        lift(features.point[:, c], now.origin[:, c], now.direction[:, c], TABLE_M)
        for c in range(features.point.shape[1])
    ]
    return torch.stack(lifted, 1)


def image_places(features: Features) -> Tensor:
    """Each camera's key points from the middle of its image: (n, cameras, queries, 3) in fractions
    of the image, the last number 0."""
    return F.pad(features.point - 0.5, (0, 1))


def geometry(telling: Telling | None, features: Features, now: RobotContext) -> Tensor:
    """Where everything is, seen from the end effector: (n, cameras + 1, queries, 7), the last of
    the cameras being what the first one saw at the start.

    What is not visible is nowhere: its place would be noise to learn by heart. For the same
    reason nothing here, nor in ``posture``, tells where on the table the hand is.
    """
    place, seen = _with_start(places(features, now), features, now)
    place, known = _shared(telling, place, seen)
    relative = (place - now.proprioception[:, None, None, :3]) * known[..., None]
    near = (relative / NEAR_M).clamp(-1, 1) * 2
    return torch.cat([relative * 4, near, seen[..., None] * 2 - 1], -1)


def image_geometry(telling: Telling | None, features: Features, now: RobotContext) -> Tensor:
    """The same of cameras of which nobody knows where they are: where everything is in each image,
    and where the hand is, since then only the head can bring the two together. ``telling`` is for
    cameras that share a space."""
    place, seen = _with_start(image_places(features), features, now)
    hand = (now.proprioception[:, None, None, :3] - place.new_tensor(MIDDLE_M)).expand_as(place)
    shown = place * seen[..., None] * 4
    return torch.cat([shown, hand * 4, seen[..., None] * 2 - 1], -1)


def _with_start(place: Tensor, features: Features, now: RobotContext) -> tuple[Tensor, Tensor]:
    """Places (n, cameras + 1, queries, 3) and whether each is seen (n, cameras + 1, queries)."""
    visible = torch.cat([features.visible, now.start_visible[:, None]], 1)
    return torch.cat([place, now.start_place[:, None]], 1), (visible > SEEN).float()


def _shared(telling: Telling | None, place: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """Places (n, views, queries, 3) and which of them are known (n, views, queries): a target
    that the wrist camera does not see is where the front camera sees it."""
    if telling is None:
        return place, seen
    place, known = place.clone(), seen.clone()
    front, wrist, target = telling
    told = seen[:, front, target] * (1 - seen[:, wrist, target])
    place[:, wrist, target] += told[:, None] * (place[:, front, target] - place[:, wrist, target])
    known[:, wrist, target] += told
    return place, known


def posture(proprioception: Tensor) -> Tensor:
    """Height, orientation and opening of the hand (n, 8) out of proprioception (n, 10); without the
    last number where there is no gripper."""
    return proprioception[:, 2:]
