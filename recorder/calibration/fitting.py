"""Camera and board are put where the corners of all views fall as near as can be to where they
were seen; the lens or the size of the board may be let go, too.

An arm is not quite where it says, which moves all corners of a view together, while each by itself
is seen far better. So corners are weighed by what both errors do to them (generalised least
squares): with an arm that is 1 mm off, that halves the error of the place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...geometry.camera import Mount
from ...geometry.hand_eye import camera_and_board
from ...geometry.least_squares import fit
from ...geometry.poses import apply_delta, inverse
from ...geometry.rotations import Array
from .views import BoardView, hands_of, moves_of

ARM_M, ARM_RAD = 1e-3, 2e-3  # by which an arm may miss what it says
SEEN_PX = 0.2  # by which a corner may be missed
SOFT = 5.0  # times that; corners that miss by more pull no harder
STEP = 1e-6  # of a numerical derivative
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
        hands = hands_of(views)
        self._moves = moves_of(hands, mount)
        self._start = camera_and_board(self._moves, np.array([view.seen for view in views]))
        self._intrinsics = intrinsics
        self.of_view = np.repeat(np.arange(len(views)), [len(view.points) for view in views])
        self._points = np.concatenate([view.points for view in views])
        self._pixels = np.concatenate([view.pixels for view in views])
        self._weights = self._weighed(hands, mount)

    def fitted(self, free: Free) -> Fitted:
        """With those unknowns free."""

        def weighted(some: Array) -> Array:
            missed = self._missed(_every(free, some), self._moves)[0]
            rows = [missed[self.of_view == at].ravel() for at in range(len(self._weights))]
            pairs = zip(self._weights, rows, strict=True)
            return np.concatenate([weight @ row for weight, row in pairs]).reshape(-1, 2)

        every = _every(free, fit(weighted, np.zeros(len(free)), SOFT))
        left, depth = self._missed(every, self._moves)
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

    def _weighed(self, hands: Array, mount: Mount) -> list[Array]:
        """For each view a matrix that makes errors of its corners (2 n,) alike and independent."""

        def missed(deltas: Array) -> Array:
            moved = moves_of(apply_delta(hands, deltas), mount)
            return self._missed(np.zeros(UNKNOWNS), moved)[0]

        arm = np.array([ARM_M] * 3 + [ARM_RAD] * 3)
        steps = STEP * np.eye(6)
        slopes = [(missed(step) - missed(-step)) / (2 * STEP) for step in steps]
        off = np.stack(slopes, -1) * arm  # (corners, 2, 6) pixels
        each = [off[self.of_view == at].reshape(-1, 6) for at in range(len(hands))]
        spreads = [SEEN_PX**2 * np.eye(len(rows)) + rows @ rows.T for rows in each]
        return [np.asarray(np.linalg.inv(np.linalg.cholesky(s)), np.float64) for s in spreads]

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

    def _missed(self, every: Array, moves: Array) -> tuple[Array, Array]:
        """By how many pixels (n, 2) each corner falls beside where it was seen, and its depth."""
        camera, board, intrinsics, size = self._unpacked(every)
        seen = (inverse(camera) @ moves @ board)[self.of_view]
        local = (seen[:, :3, :3] @ (size * self._points)[..., None])[..., 0] + seen[:, :3, 3]
        depth = np.maximum(local[:, 2], NEAREST_M)
        image = (local / depth[:, None]) @ intrinsics.T
        return image[:, :2] - self._pixels, depth


def _every(free: Free, some: Array) -> Array:
    every = np.zeros(UNKNOWNS)
    every[free] = some
    return every
