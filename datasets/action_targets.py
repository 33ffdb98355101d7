"""Policy actions from applied targets: base-frame deltas, and chunks of what comes next."""

import numpy as np
from numpy.typing import NDArray

from ..geometry.poses import apply_delta, pose_delta
from .alignment import Ticks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def target_deltas(ticks: Ticks) -> Floats:
    """Base-frame deltas (T, 6) of consecutive applied targets, metres and radians.

    The first begins at the measured pose of the first tick, so
    ``integrate(ticks.ee_pose[0], target_deltas(ticks))`` is ``ticks.applied_pose``.
    """
    before = np.concatenate([ticks.ee_pose[:1], ticks.applied_pose[:-1]])
    return pose_delta(before, ticks.applied_pose)


def integrate(start: Floats, deltas: Floats) -> Floats:
    """Targets (T, 4, 4) from a starting pose (4, 4) and base-frame deltas (T, 6)."""
    targets = np.empty((len(deltas), 4, 4))
    for tick, delta in enumerate(deltas):
        start = targets[tick] = apply_delta(start, delta)
    return targets


def targets_ahead(
    ee_pose: Floats, targets: Floats, grippers: Floats | None, ticks: Ints, ahead: Ints
) -> Floats:
    """The targets ``ahead`` (K,) ticks behind each of ``ticks`` (n,), as deltas from the pose that
    was measured there: (n, K, 7), base-frame translation, rotation vector, gripper 1 open … 0
    closed; (n, K, 6) without a gripper.

    ``ee_pose`` and ``targets`` (T, 4, 4), ``grippers`` (T,) or None. The last
    target is held past the end.
    """
    index = np.minimum(ticks[:, None] + ahead, len(targets) - 1)
    start = np.broadcast_to(ee_pose[ticks][:, None], (*index.shape, 4, 4))
    offsets = pose_delta(start, targets[index])
    if grippers is None:
        return offsets
    return np.concatenate([offsets, grippers[index][..., None]], -1)
