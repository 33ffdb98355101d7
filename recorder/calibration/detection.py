"""The board in a picture: its corners, how sharp they are, and where it is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Image
from ...geometry.poses import make_pose
from ...geometry.rotations import Array, from_rotation_vector
from .board import Board

FEWEST_CORNERS = 8
SHARP_PX = 3.5  # softness of a picture that is good enough
HALF_PIXEL = 0.5  # OpenCV counts from the middle of the first pixel, we from its corner
NEAR_PX = 6  # around a corner, where its edges are looked at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corners:
    """What a picture shows of the board."""

    numbers: NDArray[np.int64]  # (n,) of the corners that were found
    pixels: Array  # (n, 2)
    softness_px: float  # over how many pixels the edges at the corners go from black to white

    def __len__(self) -> int:
        return len(self.numbers)


class BoardFinder:
    """Looks for one board."""

    def __init__(self, board: Board) -> None:
        self.board = board
        choices = cv2.aruco.CharucoParameters()
        choices.minMarkers = 1  # beside a corner: soft pictures lack some
        self._detector = cv2.aruco.CharucoDetector(board.charuco, choices)

    def find(self, image: Image) -> Corners:
        """Its corners in a picture (height, width, 3) RGB; there may be none."""
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        pixels, numbers, _, _ = self._detector.detectBoard(grey)
        if numbers is None or pixels is None:
            numbers, pixels = np.zeros(0), np.zeros((0, 2))
        pixels = np.asarray(pixels, np.float64).reshape(-1, 2)
        return Corners(
            numbers=np.asarray(numbers, np.int64).ravel(),
            pixels=pixels + HALF_PIXEL,
            softness_px=_softness_px(np.asarray(grey, np.float64), pixels),
        )


def board_pose(points: Array, pixels: Array, intrinsics: Array) -> Array:
    """Where the board is (4, 4) in the camera's frame, from four or more of its corners."""
    straight = np.zeros(4)
    _, turns, positions, _ = cv2.solvePnPGeneric(
        points, pixels, intrinsics, straight, flags=cv2.SOLVEPNP_IPPE
    )
    turn, position = cv2.solvePnPRefineLM(
        points, pixels, intrinsics, straight, turns[0], positions[0]
    )
    return make_pose(from_rotation_vector(np.ravel(turn)), np.ravel(position))


def _softness_px(grey: Array, pixels: Array) -> float:
    """Contrast over the steepest slope around each corner, the median; 0 where there is none."""
    found = [_of_patch(patch) for patch in _patches(grey, pixels)]
    return float(np.median(found)) if found else 0.0


def _patches(grey: Array, pixels: Array) -> list[Array]:
    near = [
        grey[max(0, y - NEAR_PX) : y + NEAR_PX + 1, max(0, x - NEAR_PX) : x + NEAR_PX + 1]
        for x, y in np.rint(pixels).astype(int)
    ]
    return [patch for patch in near if min(patch.shape) > NEAR_PX]


def _of_patch(patch: Array) -> float:
    low, high = np.percentile(patch, (5, 95))
    down, right = np.gradient(patch)
    return float((high - low) / max(np.percentile(np.hypot(down, right), 95), 1e-9))
