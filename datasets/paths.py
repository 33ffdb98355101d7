"""A way of the hand that is gone along again, and how far two such ways are apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..geometry.poses import apply_delta, pose_delta

Floats = NDArray[np.float64]
FINE = 8  # places between two poses at which ways are compared
STEP_M = 0.002  # between two of these poses, at least
AHEAD_M, BEHIND_M = 0.15, 0.03  # how far along the other way is looked, from the last place on
M_PER_RAD = 0.3  # so much turned is as far as so much moved


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TaughtPath:
    """A take's way, from where the arm was measured at its beginning on."""

    take: str
    joints_rad: Floats  # (7,) where it begins
    times_s: Floats  # (T,) from its beginning
    poses: Floats  # (T, 4, 4)
    grippers: Floats | None  # (T,) 1 = open … 0 = closed; None: there was no gripper


@dataclass(frozen=True, slots=True)
class PathError:
    """How far apart two ways are where they are farthest apart."""

    position_m: float
    rotation_rad: float


def path_error(taught: Floats, replayed: Floats) -> PathError:
    """How far apart poses (T, 4, 4) and (R, 4, 4) are. When each was reached does not matter."""
    one, other = _thinned(taught), _thinned(replayed)
    apart = np.array([*_nearest(one, _fine(other)), *_nearest(other, _fine(one))])
    return PathError(float(apart[:, 0].max()), float(apart[:, 1].max()))


def _length(delta: Floats) -> Floats:
    """Of deltas (…, 6), with what is turned counted in."""
    moved, turned = (np.linalg.norm(part, axis=-1) for part in (delta[..., :3], delta[..., 3:]))
    return moved + M_PER_RAD * turned


def _along(poses: Floats) -> Floats:
    """How far along the way each pose is (T,)."""
    return np.concatenate([[0.0], np.cumsum(_length(pose_delta(poses[:-1], poses[1:])))])


def _thinned(poses: Floats) -> Floats:
    return poses[spread(_along(poses), STEP_M)]


def _fine(poses: Floats) -> Floats:
    """The same way with more places on it."""
    delta = pose_delta(poses[:-1], poses[1:])
    shares = np.arange(FINE) / FINE
    between = apply_delta(poses[:-1, None], delta[:, None] * shares[:, None])
    return np.concatenate([between.reshape(-1, 4, 4), poses[-1:]])


def _nearest(poses: Floats, way: Floats) -> Iterator[tuple[float, float]]:
    """For each pose, how far it is from the way and how far it is turned, in the order of both."""
    along, place = _along(way), 0
    for pose in poses:
        ends = along[place] - BEHIND_M, along[place] + AHEAD_M
        first, last = np.searchsorted(along, ends)
        delta = pose_delta(way[first : last + 1], pose)
        best = int(np.argmin(_length(delta)))
        place = int(first) + best
        yield (
            float(np.linalg.norm(delta[best, :3])),
            float(np.linalg.norm(delta[best, 3:])),
        )


def spread(along: Floats, apart: float) -> NDArray[np.int64]:
    """Indices of values (n,), which grow, that are about so far apart; the last one is there."""
    kept = np.unique(np.floor(along / apart + 1e-6), return_index=True)[1]
    return np.unique(np.append(kept, len(along) - 1))
