"""Training samples: ticks of many episodes as plain arrays, from takes or from scripts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.action_targets import targets_ahead
from .instructions import Called, anything, renamed
from .queries import QUERIES, Query

UNLABELED, NOWHERE = 255, 254  # neither is the value of an object in a map


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Which ticks of a run are looked at, and what is read there."""

    cameras: tuple[str, ...]
    """Their names, in the order of the images."""
    image_size: int
    """Side of the images in pixels."""
    chunk: int
    """Actions from each tick on."""
    rate_hz: float = 20.0
    """Of the ticks."""
    stride: int = 1
    """Every how many ticks there is a look."""
    lifted: bool = True
    """Whether the cameras' rays are needed."""
    reads: Callable[[str], bool] = anything
    """Whether a policy can read all of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What the samples of one run have in common."""

    instructions: tuple[str, ...]  # the instruction first, then other ways to say it
    objects: tuple[str, ...]  # names; value i + 1 in a mask map is objects[i]
    target: int | None  # index into objects
    destination: int | None
    destination_known: bool  # False where nobody said whether there is one
    synonyms: tuple[tuple[str, ...], ...] = ()  # of each object; empty: none has any

    @property
    def called(self) -> Called:
        """Of each object, its name and its synonyms."""
        synonyms = self.synonyms or ((),) * len(self.objects)
        return tuple((name, *more) for name, more in zip(self.objects, synonyms, strict=True))

    def retold(self, text: str, target: str) -> str:
        """A text that names the target otherwise; as it is where there is no target."""
        return text if self.target is None else renamed(text, self.called, self.target, target)

    def map_value(self, query: Query) -> int:
        """The value in a mask map of what is asked for."""
        asked = self.target if query == "target" else self.destination
        return NOWHERE if asked is None else asked + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """N ticks, C cameras, chunks of K actions."""

    images: NDArray[np.uint8]  # (N, C, s, s, 3)
    masks: NDArray[np.uint8]  # (N, C, s, s) object maps; a map of UNLABELED was not labeled
    proprioception: NDArray[np.float32]  # (N, 10), or (N, 9) without a gripper
    origin: NDArray[np.float32]  # (N, C, 3)
    direction: NDArray[np.float32]  # (N, C, 3, 3)
    offsets: NDArray[np.float32]  # (N, K, 6)
    grippers: NDArray[np.float32] | None  # (N, K); None: there was no gripper
    episode: NDArray[np.int64]  # (N,) index into episodes
    start: NDArray[np.int64]  # (N,) index of the sample that begins its episode
    weight: NDArray[np.int64]  # (N,) how often its action is drawn, beside others
    episodes: tuple[Episode, ...]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def size(self) -> int:
        """Side of the images in pixels."""
        return self.images.shape[2]


GRIPPERS = "grippers"  # which may be none
ARRAYS = tuple(f.name for f in fields(Samples) if f.name not in ("episodes", GRIPPERS))


def join(parts: Sequence[Samples]) -> Samples:
    """One set from several; indices are shifted."""
    rows = np.cumsum([0, *(len(part) for part in parts)])[:-1]
    runs = np.cumsum([0, *(len(part.episodes) for part in parts)])[:-1]
    arrays = {name: np.concatenate([getattr(p, name) for p in parts]) for name in ARRAYS}
    arrays["episode"] = np.concatenate([p.episode + r for p, r in zip(parts, runs, strict=True)])
    arrays["start"] = np.concatenate([p.start + r for p, r in zip(parts, rows, strict=True)])
    # All of them have a gripper, or none has: see ``one_robot``.
    grippers = [part.grippers for part in parts if part.grippers is not None]
    return Samples(
        **arrays,
        grippers=np.concatenate(grippers) if grippers else None,
        episodes=tuple(e for part in parts for e in part.episodes),
    )


def evenly(samples: Samples, count: int) -> Samples:
    """About ``count`` ticks at even distances, the first of each episode among them."""
    apart = np.linspace(0, len(samples) - 1, min(count, len(samples))).astype(np.int64)
    rows = np.union1d(apart, samples.start)
    arrays = {name: getattr(samples, name)[rows] for name in ARRAYS}
    arrays["start"] = np.searchsorted(rows, arrays["start"])
    grippers = None if samples.grippers is None else samples.grippers[rows]
    return Samples(**arrays, grippers=grippers, episodes=samples.episodes)


def chunk_offsets(
    ee_pose: NDArray[np.float64],
    targets: NDArray[np.float64],
    grippers: NDArray[np.float64] | None,
    ticks: NDArray[np.int64],
    chunk: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Targets of the next ``chunk`` ticks, seen from the measured pose of each tick.

    ``ee_pose`` and ``targets`` (T, 4, 4), ``grippers`` (T,) or None, ``ticks`` (n,). The last
    target is held past the end. Returns offsets (n, chunk, 6) and grippers (n, chunk) or None.
    """
    actions = targets_ahead(ee_pose, targets, grippers, ticks, np.arange(chunk))
    actions = actions.astype(np.float32)
    closing = None if grippers is None else np.ascontiguousarray(actions[..., 6])
    return np.ascontiguousarray(actions[..., :6]), closing


def query_masks(
    samples: Samples,
    index: NDArray[np.int64],
    camera: NDArray[np.int64],
    queries: Sequence[Query] = QUERIES,
) -> tuple[Tensor, Tensor]:
    """Masks (n, queries, s, s) of target or destination, and weights (n, queries), 0 where
    nobody labeled the frame or said whether there is a destination."""
    maps = samples.masks[index, camera]
    runs = [samples.episodes[e] for e in samples.episode[index]]
    values = np.array([[run.map_value(query) for query in queries] for run in runs])
    masks = maps[:, None] == values[:, :, None, None]
    labeled = maps[:, 0, 0] != UNLABELED
    known = np.array([[q == "target" or r.destination_known for q in queries] for r in runs])
    weight = (labeled[:, None] & known).astype(np.float32)
    return torch.from_numpy(masks), torch.from_numpy(weight)


def flat_frames(samples: Samples, rng: np.random.Generator, count: int) -> tuple[NDArray, NDArray]:
    """``count`` random (sample, camera) pairs."""
    cameras = samples.images.shape[1]
    return rng.integers(len(samples), size=count), rng.integers(cameras, size=count)
