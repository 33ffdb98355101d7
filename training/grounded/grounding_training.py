"""Teaching the encoder where instructions point and which words name which region."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from ..data.preprocessing import to_pixels
from ..data.queries import QUERIES, Query
from ..data.samples import Samples, flat_frames, query_masks
from ..objectives.losses import (
    attention_error,
    contrastive_loss,
    grounding_loss,
    region_features,
    triplet_loss,
)
from ..objectives.weighted import Weighted, weighted
from .augmentation import relight, shift_together
from .grounding import Grounded, mask_targets
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

    def to(self, device: torch.device) -> "Frames":
        """The same, there."""
        return self._replace(
            pixels=self.pixels.to(device),
            masks=self.masks.to(device),
            weight=self.weight.to(device),
            regions=self.regions.to(device),
        )


class FrameSource(Protocol):
    """Draws batches of labeled images."""

    def draw(self, rng: np.random.Generator, count: int) -> Frames: ...


@dataclass(frozen=True, slots=True)
class LabeledFrames:
    """Frames of takes, with each take's own instruction and labels."""

    samples: Samples
    queries: Sequence[Query] = QUERIES

    def draw(self, rng: np.random.Generator, count: int) -> Frames:
        """``count`` frames, each a little aside and a paraphrase chosen at random for it."""
        index, camera = flat_frames(self.samples, rng, count)
        masks, weight = query_masks(self.samples, index, camera, self.queries)
        target, labeled = query_masks(self.samples, index, camera, ("target",))
        runs = [self.samples.episodes[e] for e in self.samples.episode[index]]
        named = labeled[:, 0] * torch.tensor([float(run.target is not None) for run in runs])
        frames = Frames(
            to_pixels(self.samples.images[index, camera]),
            [str(rng.choice(run.instructions)) for run in runs],
            masks,
            weight,
            target * named[:, None, None, None].bool(),
            ["" if run.target is None else run.objects[run.target] for run in runs],
        )
        return _shifted(frames)


def _shifted(frames: Frames) -> Frames:
    """Frames with one sentence each, moved by up to SHIFT."""
    masks = torch.cat([frames.masks, frames.regions], 1)
    pixels, moved = shift_together(frames.pixels, masks, SHIFT)
    queries = frames.masks.shape[1]
    return frames._replace(pixels=pixels, masks=moved[:, :queries], regions=moved[:, queries:])


class EncodedFrames:
    """Frames in some light, with what a policy makes of them: once for all objectives."""

    def __init__(self, policy: GroundedPolicy, frames: Frames) -> None:
        self.policy, self.frames = policy, frames

    @cached_property
    def cells(self) -> Tensor:
        """(n, cells², width)."""
        return self.policy.encoder.cells(self.frames.pixels)

    @cached_property
    def pointed(self) -> tuple[Grounded, Tensor, Tensor]:
        """Where the sentences point, the masks' targets, and the weight of each."""
        policy, frames = self.policy, self.frames
        count = len(frames.sentences) // len(frames.pixels)
        cells = self.cells.repeat_interleave(count, 0)
        grounded = policy.grounding(cells, policy.words(frames.sentences).sentence)
        targets = mask_targets(frames.masks, math.isqrt(self.cells.shape[1]))
        return grounded, targets, frames.weight

    @cached_property
    def named(self) -> "Named":
        """The regions that have a name, and the names."""
        return _named(self)


class Named(NamedTuple):
    """r regions, t texts, and which text each region has."""

    regions: Tensor  # (r, width)
    texts: Tensor  # (t, width)
    match: Tensor  # (r,)


def grounding(batch: EncodedFrames) -> Tensor:
    """Where the sentences point, against the masks."""
    return grounding_loss(*batch.pointed)


def grounding_mse(batch: EncodedFrames) -> Tensor:
    """The same by the squared error."""
    return attention_error(*batch.pointed)


def contrast(batch: EncodedFrames) -> Tensor:
    """Which name goes with which region."""
    named = batch.named
    return contrastive_loss(named.regions, named.texts, named.match, batch.policy.temperature)


def triplet(batch: EncodedFrames) -> Tensor:
    """The same, by the most alike wrong pair."""
    return triplet_loss(*batch.named)


def _named(batch: EncodedFrames) -> Named:
    policy, frames, cells = batch.policy, batch.frames, batch.cells
    every = frames.regions.flatten(0, 1)
    clear = every.flatten(1).sum(1) >= SMALLEST
    image = torch.arange(len(cells), device=cells.device)
    image = image.repeat_interleave(frames.regions.shape[1])[clear]
    names = [name for name, ok in zip(frames.names, clear.tolist(), strict=True) if ok]
    unique = sorted(set(names)) or [""]
    heat = mask_targets(every[clear], math.isqrt(cells.shape[1]))
    regions = policy.contrast(region_features(cells[image], heat))
    match = torch.tensor([unique.index(name) for name in names], device=cells.device).long()
    return Named(regions, policy.words(unique).sentence, match)


def perceive(
    policy: GroundedPolicy,
    source: FrameSource,
    objectives: Mapping[str, float],
    optimizer: torch.optim.Optimizer,
    rates: Callable[[int], float],
    steps: range,
    batch: int,
    seed: int,
    on_step: Callable[[int, Weighted], None],
) -> None:
    """Run ``steps`` of the objectives, each with its weight; ``rates`` gives each step's learning
    rate.

    Each step draws from its own seed, so a run that is resumed sees the same batches.
    """
    policy.train()
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for step in steps:
        torch.manual_seed(seed * 1_000_003 + step)
        frames = source.draw(np.random.default_rng([seed, step]), batch)
        frames = frames._replace(pixels=relight(frames.pixels)).to(policy.device)
        losses = weighted(EncodedFrames(policy, frames), objectives)
        optimizer.zero_grad()
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in optimizer.param_groups:
            group["lr"] = rates(step)
        optimizer.step()
        on_step(step, losses)
