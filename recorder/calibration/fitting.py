"""Camera and board are put where the corners of all views fall as near as can be to where they
were seen; the lens or the size of the board may be let go, too."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...geometry.camera import Mount
from ...geometry.hand_eye import camera_and_board
from ...geometry.least_squares import fit
from ...geometry.poses import apply_delta, inverse
from ...geometry.rotations import Array
from .views import BoardView, moves_of

SOFT_PX = 1.0  # corners that miss by more pull no harder
NEAREST_M = 1e-3
Free = NDArray[np.intp]
# Of the unknowns, of which some are free: camera (6), board (6), lens (4), size of the board (1).
PLACES, LENS, SIZE = np.arange(12), np.arange(16), np.array([*range(12), 16])
UNKNOWNS = 17


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """What was found, and by how much each corner misses it."""

    camera: Array  # (4, 4) in the frame that it is mounted on
    board: Array  # (4, 4) in the hand, or in the base frame
    intrinsics: Array  # (3, 3)
    size: float  # of the board, over what it was said to be
    errors_px: Array  # (corners of all views,)
    errors_m: Array  # the same, across the line of sight at the board


class Fitting:
    """The corners of all views in one row, ready to be fitted."""

    def __init__(self, views: Sequence[BoardView], mount: Mount, intrinsics: Array) -> None:
        self._moves = moves_of(views, mount)
        self._start = camera_and_board(self._moves, np.array([view.seen for view in views]))
        self._intrinsics = intrinsics
        self.of_view = np.repeat(np.arange(len(views)), [len(view.points) for view in views])
        self._points = np.concatenate([view.points for view in views])
        self._pixels = np.concatenate([view.pixels for view in views])

    def fitted(self, free: Free) -> Fitted:
        """With those unknowns free."""

        def missed(some: Array) -> Array:
            return self._missed(_every(free, some))[0]

        every = _every(free, fit(missed, np.zeros(len(free)), SOFT_PX))
        left, depth = self._missed(every)
        camera, board, intrinsics, size = self._unpacked(every)
        errors_px = np.linalg.norm(left, axis=1)
        return Fitted(
            camera=camera,
            board=board,
            intrinsics=intrinsics,
            size=size,
            errors_px=errors_px,
            errors_m=errors_px * depth / intrinsics[0, 0],
        )

    def _unpacked(self, every: Array) -> tuple[Array, Array, Array, float]:
        """Unknowns are changes: of poses as deltas, of a lens and a size as shares."""
        camera, board = (
            apply_delta(start, every[at : at + 6])
            for start, at in zip(self._start, (0, 6), strict=True)
        )
        intrinsics = self._intrinsics.copy()
        focal = self._intrinsics[0, 0]
        intrinsics[[0, 1], [0, 1]] *= 1 + every[12:14]
        intrinsics[:2, 2] += focal * every[14:16]
        return camera, board, intrinsics, float(1 + every[16])

    def _missed(self, every: Array) -> tuple[Array, Array]:
        """By how many pixels (n, 2) each corner falls beside where it was seen, and its depth."""
        camera, board, intrinsics, size = self._unpacked(every)
        seen = (inverse(camera) @ self._moves @ board)[self.of_view]
        local = (seen[:, :3, :3] @ (size * self._points)[..., None])[..., 0] + seen[:, :3, 3]
        depth = np.maximum(local[:, 2], NEAREST_M)
        image = (local / depth[:, None]) @ intrinsics.T
        return image[:, :2] - self._pixels, depth


def _every(free: Free, some: Array) -> Array:
    every = np.zeros(UNKNOWNS)
    every[free] = some
    return every
