"""Every run is two: in a mirror, what was done on the right is done likewise on the left.

The mirror is the base's x–z plane. Hand, objects and cameras lie on the other side of it, the
words say *left* for *right*, and all else is as it was: a head that reads places and no images can
learn from both.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.samples import Samples
from ..data.side_words import tells_side
from .orientation import in_mirror
from .policy import Features, RobotContext

PLACE = (1.0, -1.0, 1.0)
TURN = (-1.0, 1.0, -1.0)  # of rotation vectors, and of a hand's y axis
ALIKE = 3  # runs that are told in the same words, from which their sides can be compared


def mirrored_context(now: RobotContext, which: Tensor) -> RobotContext:
    """Those of the samples that ``which`` (n,) names, in the mirror."""
    place, turn = (_signs(each, which, now.origin) for each in (PLACE, TURN))
    opening = torch.ones(len(which), now.proprioception.shape[1] - 9).to(place)
    return RobotContext(
        now.proprioception * torch.cat([place, place, turn, opening], 1),
        now.origin * place[:, None],
        now.direction * place[:, None, :, None],
        now.start_place * place[:, None],
        now.start_visible,
    )


def mirrored_features(features: Features, which: Tensor) -> Features:
    """What is seen, likewise: key points are lifted by rays that are mirrored themselves."""
    return features._replace(orientation=in_mirror(features.orientation, which))


def mirrored_offsets(offsets: Tensor, which: Tensor) -> Tensor:
    """Offsets (n, chunk, 6) of the poses, in the base's frame, likewise."""
    both = [_signs(each, which, offsets) for each in (PLACE, TURN)]
    return offsets * torch.cat(both, 1)[:, None]


def _signs(signs: tuple[float, ...], which: Tensor, like: Tensor) -> Tensor:
    return torch.where(which[:, None], like.new_tensor(signs), like.new_ones(3))


def symmetric_runs(samples: Samples) -> NDArray[np.bool_]:
    """Which runs (episodes,) may as well be mirrored.

    Those whose words tell the side. Of the others, those that are asked for in the same words
    must not all end on one side: then that side is meant, whatever the words, and a mirrored run
    would say the opposite.
    """
    told = [tells_side(run.instructions[0]) for run in samples.episodes]
    ends_m = _ends_beside(samples)
    result = np.array(told)
    for runs in _asked_alike(samples, [run for run, side in enumerate(told) if not side]):
        result[runs] = _both_sides(ends_m[runs])
    return result


def _ends_beside(samples: Samples) -> NDArray[np.float64]:
    """How far (episodes,) in metres to the left of its start each run ends."""
    y, runs = samples.proprioception[:, 1], range(len(samples.episodes))
    own = [np.flatnonzero(samples.episode == run) for run in runs]
    return np.array([y[rows[-1]] - y[rows[0]] if len(rows) else 0.0 for rows in own])


def _asked_alike(samples: Samples, runs: Sequence[int]) -> list[list[int]]:
    """Runs that are told in the same words but for their target; those of rare words together."""

    def words(run: int) -> str:
        episode = samples.episodes[run]
        return episode.retold(episode.instructions[0], "")

    groups = [list(group) for _, group in groupby(sorted(runs, key=words), key=words)]
    rare = [run for group in groups if len(group) < ALIKE for run in group]
    return [group for group in (*(g for g in groups if len(g) >= ALIKE), rare) if group]


def _both_sides(ends_m: NDArray[np.float64]) -> bool:
    """Whether their mean is small beside their spread; of one run nobody can tell."""
    return bool(abs(ends_m.mean()) < ends_m.std() / 2)
