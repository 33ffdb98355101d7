"""Behaviour cloning of the action head on cached features."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor

from ..data.learned_runs import draw
from ..data.preprocessing import to_pixels
from ..data.samples import Episode, Samples
from ..objectives.losses import cloning_loss
from ..objectives.weighted import Weighted, weighted
from .augmentation import relight
from .encoder import TextFeatures
from .head import ActionHead
from .policy import Features, GroundedPolicy, RobotContext
from .tokenizer import fits

PLACE_NOISE = 0.01  # fraction of the image
WANDER_M = (0.01, 0.05)  # spreads of small and of large departures from the path
EMA = 0.998
READER = 5.0  # how much faster the reader learns


class Cached(NamedTuple):
    """One augmented view of every sample, encoded."""

    features: Features
    sentence: Tensor  # (N,) row of each sample's text in words
    words: TextFeatures
    start_place: Tensor  # (N, queries, 3)
    start_visible: Tensor  # (N, queries)


def cache_features(
    policy: GroundedPolicy,
    samples: Samples,
    views: int,
    seed: int,
    on_progress: Callable[[float], None] = lambda _: None,
    batch: int = 32,
) -> list[Cached]:
    """Features of every sample under ``views`` augmentations and paraphrases each.

    The first view is the plain image with the instruction itself.
    """
    policy.eval()
    result = []
    for view in range(views):
        rng = np.random.default_rng([seed, view])
        torch.manual_seed(seed * 1_000_003 + view)
        parts, texts = [], []
        for first in range(0, len(samples), batch):
            part, said = _features(policy, samples, slice(first, first + batch), view, rng)
            parts.append(part)
            texts += said
            on_progress((view * len(samples) + first) / (views * len(samples)))
        features = Features(*(torch.cat(column) for column in zip(*parts, strict=True)))
        result.append(_cached(policy, samples, features, texts))
    return result


@torch.no_grad()
def _cached(
    policy: GroundedPolicy, samples: Samples, features: Features, texts: list[str]
) -> Cached:
    unique = sorted(set(texts))
    row = {text: number for number, text in enumerate(unique)}
    sentence = torch.tensor([row[text] for text in texts])
    return Cached(
        features, sentence, policy.words(unique), *start_places(policy, features, samples)
    )


@torch.no_grad()
def _features(
    policy: GroundedPolicy, samples: Samples, rows: slice, view: int, rng: np.random.Generator
) -> tuple[Features, list[str]]:
    pixels = to_pixels(samples.images[rows])
    runs = [samples.episodes[e] for e in samples.episode[rows]]
    choices = [int(rng.integers(len(run.instructions))) if view else 0 for run in runs]
    texts = [run.instructions[choice] for run, choice in zip(runs, choices, strict=True)]
    if view:
        pixels = relight(pixels.flatten(0, 1)).view_as(pixels)
    features = policy.features(pixels, policy.words(texts).sentence)
    longest = policy.policy_config.text_length
    renamed = [rename(text, run, samples, rng) for text, run in zip(texts, runs, strict=True)]
    return features, [
        new if fits(new, longest) else old for new, old in zip(renamed, texts, strict=True)
    ]


def rename(text: str, run: Episode, samples: Samples, rng: np.random.Generator) -> str:
    """The sentence about another run's target, for the head alone: where the target is, the
    grounding says; what to do must not depend on its name, which would tell the run."""
    other = samples.episodes[int(rng.integers(len(samples.episodes)))]
    if run.target is None or other.target is None:
        return text
    return text.replace(run.objects[run.target], other.objects[other.target])


def start_places(
    policy: GroundedPolicy, features: Features, samples: Samples
) -> tuple[Tensor, Tensor]:
    """What the first camera saw at the start of each sample's episode."""
    blank = torch.zeros(len(samples), features.point.shape[2], 3)
    now = robot_context(samples, np.arange(len(samples)), blank, blank[..., 0])
    start = torch.from_numpy(samples.start)
    return policy.places(features, now)[start, 0], features.visible[start, 0]


def robot_context(
    samples: Samples, index: NDArray[np.int64], start_place: Tensor, start_visible: Tensor
) -> RobotContext:
    """The samples' own side of the policy's input."""
    return RobotContext(
        torch.from_numpy(samples.proprioception[index]),
        torch.from_numpy(samples.origin[index]),
        torch.from_numpy(samples.direction[index]),
        start_place,
        start_visible,
    )


def action_scale(samples: Samples) -> Tensor:
    """Mean absolute offset of each chunk step and dimension, at least 2 mm or 0.01 rad."""
    least = torch.tensor([0.002] * 3 + [0.01] * 3)
    return torch.from_numpy(np.abs(samples.offsets).mean(0)).maximum(least)


def clone(
    policy: GroundedPolicy,
    samples: Samples,
    cached: Sequence[Cached],
    objectives: Mapping[str, float],
    steps: int,
    batch: int,
    rate: float,
    seed: int,
    on_step: Callable[[int, Weighted], None],
) -> None:
    """Train the head by the objectives, each with its weight; at the end it holds the average of
    its weights (EMA)."""
    policy.train()
    optimizer = torch.optim.AdamW(rates(policy.head, rate), weight_decay=0.01)
    highest = [group["lr"] for group in optimizer.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, highest, steps, pct_start=0.1)
    average = copy.deepcopy(policy.head)
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    for step in range(steps):
        view = cached[int(rng.integers(len(cached)))]
        rows = draw(rng, samples.weight, batch)
        losses = weighted(_off_path(policy, samples, view, rows), objectives)
        optimizer.zero_grad()
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(policy.head.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        _follow(average, policy.head, min(EMA, (1 + step) / (10 + step)))
        on_step(step, losses)
    policy.head.load_state_dict(average.state_dict())


def rates(head: ActionHead, rate: float) -> list[dict[str, list[torch.nn.Parameter] | float]]:
    """Parameter groups in which the reader learns READER times faster than the rest.

    What the instruction says must be found before twenty runs are known by heart: whoever
    learns the run from the looks of it, first, has no use for words any more.
    """
    reader = list(head.read.parameters())
    own = {id(parameter) for parameter in reader}
    rest = [parameter for parameter in head.parameters() if id(parameter) not in own]
    return [{"params": rest, "lr": rate}, {"params": reader, "lr": READER * rate}]


class Demonstrated(NamedTuple):
    """n ticks and what was done there."""

    policy: GroundedPolicy
    features: Features
    words: TextFeatures
    now: RobotContext
    offsets: Tensor  # (n, chunk, 6)
    grippers: Tensor | None  # (n, chunk); None: there is no gripper


def cloning(batch: Demonstrated) -> Tensor:
    """How far the head's actions are from the demonstrated ones."""
    actions = batch.policy.act(batch.features, batch.words, batch.now)
    return cloning_loss(actions, batch.offsets, batch.grippers, batch.policy.action_scale)


def _off_path(
    policy: GroundedPolicy, samples: Samples, view: Cached, index: NDArray[np.int64]
) -> Demonstrated:
    """Some ticks, the hand of each wandering."""
    rows = torch.from_numpy(index)
    features = Features(*(part[rows] for part in view.features))
    words = TextFeatures(*(part[view.sentence[rows]] for part in view.words))
    now = robot_context(samples, index, view.start_place[rows], view.start_visible[rows])
    astray = wander(len(index))
    features, now = _disturb(features, now, astray)
    offsets = torch.from_numpy(samples.offsets[index]) - F.pad(astray, (0, 3))[:, None]
    closing = samples.grippers
    grippers = None if closing is None else torch.from_numpy(closing[index])
    return Demonstrated(policy, features, words, now, offsets, grippers)


def wander(count: int) -> Tensor:
    """How far (count, 3) in metres each hand is thought to be off its demonstrated path.

    The demonstrated targets stay where they are, so the head learns to come back to the path
    (Laskey et al. 2017), and must read from the key points where that is: it cannot replay.
    """
    spread = torch.where(torch.rand(count, 1) < 0.5, *WANDER_M)
    return torch.randn(count, 3) * spread * torch.tensor([1.0, 1.0, 0.3])


def _disturb(
    features: Features, now: RobotContext, astray: Tensor
) -> tuple[Features, RobotContext]:
    """The hand elsewhere, and noise on the key points, so that none is trusted to the pixel."""
    point = features.point + torch.randn_like(features.point) * PLACE_NOISE
    place = now.start_place + torch.randn_like(now.start_place) * 0.005
    own = now.proprioception + F.pad(astray, (0, now.proprioception.shape[1] - 3))
    return (
        features._replace(point=point),
        now._replace(start_place=place, proprioception=own),
    )


@torch.no_grad()
def _follow(average: torch.nn.Module, current: torch.nn.Module, keep: float) -> None:
    for slow, fast in zip(average.parameters(), current.parameters(), strict=True):
        slow.lerp_(fast, 1 - keep)
