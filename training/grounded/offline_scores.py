"""How well a policy looks and acts at recorded ticks, a score for each place where it can be right
or wrong. It sees every tick alone, as in training: an agent remembers, too (``TargetTracker``)."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor

from ..data.preprocessing import to_pixels
from ..data.samples import NOWHERE, Samples, query_masks
from .agent import EXECUTE
from .feature_cache import robot_context, start_places
from .grounding import Grounded, mask_targets
from .grounding_training import SMALLEST
from .policy import SEEN, Features, GroundedPolicy, by_camera

BATCH = 16  # ticks that are looked at together


class LookScores(NamedTuple):
    """Of looking; any number of each, none where there is nothing to be right about."""

    retrieval: Tensor  # 0 or 1, of each region of a named object
    pointing: Tensor  # 0 or 1, of each image that shows what is asked for
    pointing_untold: Tensor  # the same of targets, where nothing is said
    seen_in_dark: Tensor  # 0 or 1, of each thing that is asked for, in a black image
    absence: Tensor  # 0 or 1, of each that does not
    iou: Tensor  # 0 … 1, of each that shows it


class ActScores(NamedTuple):
    """Of acting, n ticks and s steps of each, millimetres."""

    action_error_mm: Tensor  # (n, s)
    still_error_mm: Tensor  # (n, s)


@torch.no_grad()
def look(
    policy: GroundedPolicy, samples: Samples, names: Sequence[str], dark: Tensor | None = None
) -> tuple[Features, LookScores]:
    """What it makes of the images of all ticks. ``names`` are those of all objects that there are
    to tell apart; ``dark``: ``dark_cells``, where there are any already."""
    cameras = samples.images.shape[1]
    dark = dark_cells(policy) if dark is None else dark
    silence = policy.words([""]).sentence
    targets = [query == "target" for query in policy.policy_config.queries]
    of_target = torch.tensor(targets, device=policy.device)
    features, scores = [], []
    for first in range(0, len(samples), BATCH):
        index = np.arange(first, min(first + BATCH, len(samples)))
        pixels = to_pixels(samples.images[index]).flatten(0, 1).to(policy.device)
        cells = policy.encoder.cells(pixels)
        sentence = policy.words(instructions(samples, index)).sentence
        sentence = sentence.repeat_interleave(cameras, 0)
        grounded = policy.grounding(cells, sentence)
        untold = policy.grounding(cells, silence.expand_as(sentence))
        blind = policy.grounding(dark.expand_as(cells), sentence)
        rays = (torch.from_numpy(part[index]) for part in (samples.origin, samples.direction))
        features.append(by_camera(grounded, pixels, *(part.to(pixels.device) for part in rays)))
        frames = np.repeat(index, cameras), np.tile(np.arange(cameras), len(index))
        asked = _asked(policy, samples, frames)
        scores.append(
            LookScores(
                retrieval=_named(policy, samples, frames, cells, names),
                pointing=asked.hit(grounded)[asked.there],
                pointing_untold=asked.hit(untold)[asked.there & of_target],
                seen_in_dark=(blind.visible > SEEN).float()[asked.exists],
                absence=(grounded.visible <= SEEN).float()[asked.away],
                iou=_soft_iou(grounded.logits.softmax(-1), asked.masks)[asked.there],
            )
        )
    return Features(*map(torch.cat, zip(*features, strict=True))), LookScores(
        *map(torch.cat, zip(*scores, strict=True))
    )


@torch.no_grad()
def dark_cells(policy: GroundedPolicy) -> Tensor:
    """What the encoder makes of a black image (1, cells², width)."""
    size = policy.policy_config.image_size
    black = np.zeros((1, size, size, 3), np.uint8)
    return policy.encoder.cells(to_pixels(black).to(policy.device))


def instructions(samples: Samples, index: NDArray[np.int64]) -> list[str]:
    """What is said at some ticks: no paraphrase, as to an agent."""
    return [samples.episodes[run].instructions[0] for run in samples.episode[index]]


@torch.no_grad()
def predict(policy: GroundedPolicy, samples: Samples, features: Features) -> Tensor:
    """The offsets (n, chunk, 6) that it would go at each tick (open loop)."""
    index = np.arange(len(samples))
    now = robot_context(samples, index, *start_places(policy, features, samples))
    words = policy.words(instructions(samples, index))
    offsets, _ = policy.offsets(policy.act(features, words, now))
    return offsets.cpu()


def act_scores(samples: Samples, predicted: Tensor) -> ActScores:
    """Distances of the targets, at the steps that an agent carries out before it looks again."""
    done = torch.from_numpy(samples.offsets)[:, :EXECUTE, :3]
    off = predicted[:, :EXECUTE, :3] - done
    return ActScores(1000 * off.norm(dim=-1), 1000 * done.norm(dim=-1))


class _Asked(NamedTuple):
    """What is looked for in n images, and where it is."""

    masks: Tensor  # (n, queries, s, s)
    exists: Tensor  # (n, queries) whether there is such a thing at all
    there: Tensor  # (n, queries) whether it is seen, where somebody said so
    away: Tensor  # (n, queries) whether it is not, likewise

    def hit(self, grounded: Grounded) -> Tensor:
        """(n, queries) whether it is said to be seen and the key point lies on it."""
        return ((grounded.visible > SEEN) & _on_mask(self.masks, grounded.point)).float()


def _asked(
    policy: GroundedPolicy, samples: Samples, frames: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> _Asked:
    queries = policy.policy_config.queries
    masks, weight = (part.to(policy.device) for part in query_masks(samples, *frames, queries))
    runs = [samples.episodes[run] for run in samples.episode[frames[0]]]
    known = [[run.map_value(each) != NOWHERE for each in queries] for run in runs]
    exists = torch.tensor(known, device=policy.device)
    asked, shown = exists & (weight > 0), masks.flatten(2).any(-1)
    return _Asked(masks, exists, asked & shown, asked & ~shown)


def _on_mask(masks: Tensor, point: Tensor) -> Tensor:
    """Whether points (n, queries, 2), x and y as fractions, lie on masks (n, queries, s, s)."""
    size = masks.shape[-1]
    x, y = (point * size).long().clamp(0, size - 1).unbind(-1)
    return masks.flatten(2).gather(-1, (y * size + x)[..., None])[..., 0]


def _soft_iou(attention: Tensor, masks: Tensor) -> Tensor:
    """Of attention (n, queries, cells² + 1) and masks (n, queries, s, s), both as shares of cells:
    the sum of the lesser over the sum of the greater (Ruzicka)."""
    found = attention[..., :-1]
    wanted = mask_targets(masks, math.isqrt(found.shape[-1]))[..., :-1]
    return found.minimum(wanted).sum(-1) / found.maximum(wanted).sum(-1).clamp(min=1e-9)


def _named(
    policy: GroundedPolicy,
    samples: Samples,
    frames: tuple[NDArray[np.int64], NDArray[np.int64]],
    cells: Tensor,
    names: Sequence[str],
) -> Tensor:
    """For each object that an image shows large enough, whether its own name goes with it best."""
    things = [samples.episodes[run].objects for run in samples.episode[frames[0]]]
    most = max(map(len, things), default=0)
    if len(names) < 2 or not most:
        return cells.new_zeros(0)
    maps = torch.from_numpy(samples.masks[frames])
    regions = (maps[:, None] == torch.arange(1, most + 1)[:, None, None]).to(cells.device)
    asked = [[*map(names.index, each), *[-1] * (most - len(each))] for each in things]
    own = torch.tensor(asked, device=cells.device)
    heat = mask_targets(regions, math.isqrt(cells.shape[1]))[..., :-1]
    looks = F.normalize(policy.contrast(heat @ cells), dim=-1)
    texts = F.normalize(policy.words(names).sentence, dim=-1)
    clear = (regions.flatten(2).sum(-1) >= SMALLEST) & (own >= 0)
    return ((looks @ texts.T).argmax(-1) == own)[clear].float()
