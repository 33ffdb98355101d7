"""Training samples: ticks of many episodes as plain arrays, from takes or from scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...geometry.poses import pose_delta
from ..grounded.config import CAMERAS
from ..grounded.policy import RobotContext

UNLABELED = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What the samples of one run have in common."""

    instructions: tuple[str, ...]  # the instruction and its paraphrases
    objects: tuple[str, ...]  # names; value i + 1 in a mask map is objects[i]
    target: int | None  # index into objects
    destination: int | None
    destination_known: bool  # False where nobody said whether there is one


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """N ticks, C cameras, chunks of K actions."""

    images: NDArray[np.uint8]  # (N, C, s, s, 3)
    masks: NDArray[np.uint8]  # (N, C, s, s) object maps; a map of UNLABELED was not labeled
    proprioception: NDArray[np.float32]  # (N, 10)
    origin: NDArray[np.float32]  # (N, C, 3)
    direction: NDArray[np.float32]  # (N, C, 3, 3)
    offsets: NDArray[np.float32]  # (N, K, 6)
    grippers: NDArray[np.float32]  # (N, K)
    episode: NDArray[np.int64]  # (N,) index into episodes
    start: NDArray[np.int64]  # (N,) index of the sample that begins its episode
    episodes: tuple[Episode, ...]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def size(self) -> int:
        """Side of the images in pixels."""
        return self.images.shape[2]


ARRAYS = tuple(f.name for f in fields(Samples) if f.name != "episodes")


def join(parts: Sequence[Samples]) -> Samples:
    """One set from several; indices are shifted."""
    rows = np.cumsum([0, *(len(part) for part in parts)])[:-1]
    runs = np.cumsum([0, *(len(part.episodes) for part in parts)])[:-1]
    arrays = {name: np.concatenate([getattr(p, name) for p in parts]) for name in ARRAYS}
    arrays["episode"] = np.concatenate([p.episode + r for p, r in zip(parts, runs, strict=True)])
    arrays["start"] = np.concatenate([p.start + r for p, r in zip(parts, rows, strict=True)])
    return Samples(**arrays, episodes=tuple(e for part in parts for e in part.episodes))


def chunk_offsets(
    ee_pose: NDArray[np.float64],
    targets: NDArray[np.float64],
    grippers: NDArray[np.float64],
    ticks: NDArray[np.int64],
    chunk: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Targets of the next ``chunk`` ticks, seen from the measured pose of each tick.

    ``ee_pose`` and ``targets`` (T, 4, 4), ``grippers`` (T,), ``ticks`` (n,). The last
    target is held past the end. Returns offsets (n, chunk, 6) and grippers (n, chunk).
    """
    ahead = np.minimum(ticks[:, None] + np.arange(chunk), len(targets) - 1)
    start = np.broadcast_to(ee_pose[ticks][:, None], (*ahead.shape, 4, 4))
    offsets = pose_delta(start, targets[ahead])
    return offsets.astype(np.float32), grippers[ahead].astype(np.float32)


def situation(
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


def query_masks(
    samples: Samples, index: NDArray[np.int64], camera: NDArray[np.int64]
) -> tuple[Tensor, Tensor]:
    """Masks (n, queries, s, s) of target and destination, and weights (n, queries), 0 where
    nobody labeled the frame or said whether there is a destination."""
    maps = samples.masks[index, camera]
    runs = [samples.episodes[e] for e in samples.episode[index]]
    # an object that is nowhere: 254 never occurs in a map
    target = np.array([254 if r.target is None else r.target + 1 for r in runs])
    place = np.array([254 if r.destination is None else r.destination + 1 for r in runs])
    masks = np.stack([maps == target[:, None, None], maps == place[:, None, None]], 1)
    labeled = maps[:, 0, 0] != UNLABELED
    known = np.array([r.destination_known for r in runs])
    weight = np.stack([labeled, labeled & known], 1).astype(np.float32)
    return torch.from_numpy(masks), torch.from_numpy(weight)


def flat_frames(samples: Samples, rng: np.random.Generator, count: int) -> tuple[NDArray, NDArray]:
    """``count`` random (sample, camera) pairs."""
    return rng.integers(len(samples), size=count), rng.integers(len(CAMERAS), size=count)
