"""What the frozen part of a policy makes of samples, once for all steps of the head."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.preprocessing import to_pixels
from ..data.samples import Episode, Samples
from ..data.side_words import mirrored
from .augmentation import relight
from .encoder import TextFeatures
from .mirror import symmetric_runs
from .policy import Features, GroundedPolicy, RobotContext
from .tokenizer import fits


class Cached(NamedTuple):
    """One augmented view of every sample, encoded."""

    features: Features
    sentence: Tensor  # (N,) row of each sample's text in words
    mirrored: Tensor  # (N,) and of the text as it reads in a mirror; -1: it must not be mirrored
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
    other = _in_mirror(policy, samples, texts)
    unique = sorted({*texts, *(text for text in other if text is not None)})
    row: dict[str | None, int] = {text: number for number, text in enumerate(unique)} | {None: -1}
    sentence, mirrored = (
        torch.tensor([row[text] for text in said], device=policy.device) for said in (texts, other)
    )
    words = policy.words(unique)
    return Cached(features, sentence, mirrored, words, *start_places(policy, features, samples))


def _in_mirror(policy: GroundedPolicy, samples: Samples, texts: Sequence[str]) -> list[str | None]:
    """What is said of each sample's mirror image; None where it has none: a run that goes to one
    side without a word of it, and cameras of which nobody knows where they are."""
    longest = policy.policy_config.text_length
    both = symmetric_runs(samples)[samples.episode] & policy.layout.lifted
    other = [mirrored(text) for text in texts]
    may = [bool(run) and fits(text, longest) for run, text in zip(both, other, strict=True)]
    return [text if so else None for text, so in zip(other, may, strict=True)]


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
    rays = (torch.from_numpy(part[rows]) for part in (samples.origin, samples.direction))
    seen = (part.to(policy.device) for part in (pixels, policy.words(texts).sentence, *rays))
    features = policy.features(*seen)
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
    return run.retold(text, other.objects[other.target])


def start_places(
    policy: GroundedPolicy, features: Features, samples: Samples
) -> tuple[Tensor, Tensor]:
    """What the first camera saw at the start of each sample's episode."""
    blank = features.point.new_zeros(len(samples), features.point.shape[2], 3)
    now = robot_context(samples, np.arange(len(samples)), blank, blank[..., 0])
    start = torch.from_numpy(samples.start).to(blank.device)
    return policy.places(features, now)[start, 0], features.visible[start, 0]


def robot_context(
    samples: Samples, index: NDArray[np.int64], start_place: Tensor, start_visible: Tensor
) -> RobotContext:
    """The samples' own side of the policy's input, beside what was seen at their start."""
    device = start_place.device
    return RobotContext(
        torch.from_numpy(samples.proprioception[index]).to(device),
        torch.from_numpy(samples.origin[index]).to(device),
        torch.from_numpy(samples.direction[index]).to(device),
        start_place,
        start_visible,
    )
