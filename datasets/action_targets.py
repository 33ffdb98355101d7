"""Policy actions from applied targets: base-frame deltas, and chunks of what comes next."""

import numpy as np
from numpy.typing import NDArray

from ..geometry.poses import apply_delta, pose_delta
from .alignment import Ticks

Floats = NDArray[np.float64]


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


def chunks(values: Floats, horizon: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The next ``horizon`` rows from each tick on: (T, horizon, …), and whether each is real.

    Behind the take's end the last row is repeated and not real.
    """
    index = np.arange(len(values))[:, None] + np.arange(horizon)
    real = index < len(values)
    return values[np.minimum(index, len(values) - 1)], real


def chunk_targets(ticks: Ticks, horizon: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The next applied targets as deltas from each tick's measured pose.

    (T, horizon, 7): base-frame translation, rotation vector, gripper 1 open … 0 closed; and
    (T, horizon) whether the take has that tick.
    """
    poses, real = chunks(ticks.applied_pose, horizon)
    grippers, _ = chunks(ticks.applied_gripper, horizon)
    deltas = pose_delta(ticks.ee_pose[:, None], poses)
    return np.concatenate([deltas, grippers[..., None]], -1), real
