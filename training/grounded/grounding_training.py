"""Teaching the encoder where instructions point and which words name which region."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from ..data.preprocessing import to_pixels
from ..data.samples import QUERIES, Query, Samples, flat_frames, query_masks
from ..objectives.losses import contrastive_loss, grounding_loss, region_features
from .augmentation import relight, shift_together
from .grounding import mask_targets
from .policy import GroundedPolicy

SHIFT = 16  # pixels
SMALLEST = 48  # mask pixels below which a region teaches no words


class Frames(NamedTuple):
    """n images, each with k sentences about it and r named regions."""

    pixels: Tensor  # (n, 3, s, s)
    sentences: list[str]  # n · k, the k of one image side by side
    masks: Tensor  # (n · k, queries, s, s)
    weight: Tensor  # (n · k, queries)
    regions: Tensor  # (n, r, s, s) masks of the named regions, empty where there is none
    names: list[str]  # n · r


class FrameSource(Protocol):
    """Draws batches of labeled images."""

    def draw(self, rng: np.random.Generator, count: int) -> Frames: ...


@dataclass(frozen=True, slots=True)
class LabeledFrames:
    """Frames of takes, with each take's own instruction and labels."""

    samples: Samples
    queries: Sequence[Query] = QUERIES

    def draw(self, rng: np.random.Generator, count: int) -> Frames:
        """``count`` frames, a paraphrase chosen at random for each."""
        index, camera = flat_frames(self.samples, rng, count)
        masks, weight = query_masks(self.samples, index, camera, self.queries)
        target, labeled = query_masks(self.samples, index, camera, ("target",))
        runs = [self.samples.episodes[e] for e in self.samples.episode[index]]
        named = labeled[:, 0] * torch.tensor([float(run.target is not None) for run in runs])
        return Frames(
            to_pixels(self.samples.images[index, camera]),
            [str(rng.choice(run.instructions)) for run in runs],
            masks,
            weight,
            target * named[:, None, None, None].bool(),
            ["" if run.target is None else run.objects[run.target] for run in runs],
        )


class PerceptionLosses(NamedTuple):
    """Both objectives of the perception stage."""

    grounding: Tensor
    contrast: Tensor


def perception_losses(policy: GroundedPolicy, frames: Frames) -> PerceptionLosses:
    """The grounding and the contrastive loss of a batch, images already augmented."""
    side = policy.policy_config.patches
    count = len(frames.sentences) // len(frames.pixels)
    patches = policy.encoder.patches(frames.pixels)
    sentence = policy.words(frames.sentences).sentence
    grounded = policy.grounding(patches.repeat_interleave(count, 0), sentence)
    ground = grounding_loss(grounded, mask_targets(frames.masks, side), frames.weight)
    return PerceptionLosses(ground, _name_regions(policy, patches, frames))


def _name_regions(policy: GroundedPolicy, patches: Tensor, frames: Frames) -> Tensor:
    every = frames.regions.flatten(0, 1)
    clear = every.flatten(1).sum(1) >= SMALLEST
    image = torch.arange(len(patches)).repeat_interleave(frames.regions.shape[1])[clear]
    names = [name for name, ok in zip(frames.names, clear.tolist(), strict=True) if ok]
    unique = sorted(set(names)) or [""]
    heat = mask_targets(every[clear], policy.policy_config.patches)
    regions = policy.contrast(region_features(patches[image], heat))
    match = torch.tensor([unique.index(name) for name in names], dtype=torch.long)
    return contrastive_loss(regions, policy.words(unique).sentence, match, policy.temperature)


def augment(frames: Frames) -> Frames:
    """New light, noise and a small shift."""
    count = len(frames.sentences) // len(frames.pixels)
    asked = frames.masks.unflatten(0, (-1, count)).flatten(1, 2)
    stack = torch.cat([asked, frames.regions], 1)
    pixels, moved = shift_together(frames.pixels, stack, SHIFT)
    masks = moved[:, : asked.shape[1]].unflatten(1, (count, -1)).flatten(0, 1)
    regions = moved[:, asked.shape[1] :]
    return frames._replace(pixels=relight(pixels), masks=masks, regions=regions)


def perceive(
    policy: GroundedPolicy,
    source: FrameSource,
    optimizer: torch.optim.Optimizer,
    rates: Callable[[int], float],
    steps: range,
    batch: int,
    seed: int,
    on_step: Callable[[int, PerceptionLosses], None],
) -> None:
    """Run ``steps`` of the perception objectives; ``rates`` gives each step's learning rate.

    Each step draws from its own seed, so a run that is resumed sees the same batches.
    """
    policy.train()
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for step in steps:
        torch.manual_seed(seed * 1_000_003 + step)
        frames = augment(source.draw(np.random.default_rng([seed, step]), batch))
        losses = perception_losses(policy, frames)
        optimizer.zero_grad()
        (losses.grounding + losses.contrast).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in optimizer.param_groups:
            group["lr"] = rates(step)
        optimizer.step()
        on_step(step, losses)
