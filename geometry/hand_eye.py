"""Where a camera is, from how a hand moved and how the camera saw a board meanwhile.

The unknown poses x and y obey ``x @ seen[i] == moves[i] @ y`` at every view i: ``seen`` is the
board in the camera's frame. For a camera that stands still ``moves`` is the hand in the base
frame, x the camera in the base frame and y the board in the hand; for one on the hand ``moves``
is the base in the hand's frame, x the camera in the hand and y the board in the base frame.
"""

import numpy as np

from .poses import inverse, make_pose
from .rotations import Array, to_rotation_vector


def camera_and_board(moves: Array, seen: Array) -> tuple[Array, Array]:
    """x and y (4, 4) of views (n, 4, 4): rotation by Park and Martin (1994,
    https://doi.org/10.1109/70.326576) over all pairs of views, then all positions at once."""
    first, second = np.triu_indices(len(moves), 1)
    turns = to_rotation_vector((moves[first] @ inverse(moves[second]))[:, :3, :3])
    seen_turns = to_rotation_vector((seen[first] @ inverse(seen[second]))[:, :3, :3])
    x = _nearest_rotation(turns.T @ seen_turns)
    y = _nearest_rotation((np.swapaxes(moves[:, :3, :3], 1, 2) @ x @ seen[:, :3, :3]).sum(0))
    ones = np.broadcast_to(np.eye(3), (len(moves), 3, 3))
    unknown = np.concatenate([ones, -moves[:, :3, :3]], 2).reshape(-1, 6)
    known = moves[:, :3, 3] - seen[:, :3, 3] @ x.T
    positions = np.linalg.lstsq(unknown, known.ravel(), rcond=None)[0]
    return make_pose(x, positions[:3]), make_pose(y, positions[3:])


def turned_rad(moves: Array) -> Array:
    """How far poses (n, 4, 4) turn about three axes at right angles, (3,) radians, the most first:
    rotation is known where it is not all about one axis."""
    middle = _nearest_rotation(moves[:, :3, :3].sum(0))
    turns = to_rotation_vector(moves[:, :3, :3] @ middle.T)
    axes = np.linalg.svd(turns - turns.mean(0))[2]
    return np.sort(np.ptp(turns @ axes.T, axis=0))[::-1]


def _nearest_rotation(matrix: Array) -> Array:
    u, _, v = np.linalg.svd(matrix)
    return u @ np.diag([1.0, 1.0, np.linalg.det(u @ v)]) @ v
