"""A ChArUco board as a pinhole camera would see it: warped, blurred, and noisy."""

import cv2
import numpy as np

from teachloop.datasets.steps import Image
from teachloop.geometry.rotations import Array
from teachloop.recorder.calibration.board import Board

FINER = 3  # drawn so much larger, then made smaller, as a sensor's pixels gather light
PIXELS_A_SQUARE = 80
MARGIN = 0.3  # of a square, white paper around it
GROUND = 90


def rendered(
    board: Board,
    pose: Array,
    intrinsics: Array,
    size: tuple[int, int],
    *,
    blur_px: float = 0.6,
    noise: float = 3.0,
    seed: int = 0,
) -> Image:
    """The picture (height, width, 3) of a board at a pose (4, 4) in the camera's frame."""
    paper, to_metres = _paper(board)
    lens = np.diag([FINER, FINER, 1.0]) @ intrinsics
    warp = _middles(lens @ pose[:3, [0, 1, 3]] @ to_metres)
    width, height = size
    fine = cv2.warpPerspective(
        paper, warp, (FINER * width, FINER * height), flags=cv2.INTER_AREA, borderValue=GROUND
    )
    grey = cv2.resize(fine, size, interpolation=cv2.INTER_AREA).astype(np.float64)
    if blur_px:
        grey = cv2.GaussianBlur(grey, (0, 0), blur_px)
    grey = grey + np.random.default_rng(seed).normal(0, noise, grey.shape)
    return np.repeat(grey.clip(0, 255).round().astype(np.uint8)[..., None], 3, 2)


def _paper(board: Board) -> tuple[Image, Array]:
    """The board with its margin, not quite black nor white, and what takes its pixels to metres."""
    margin = round(MARGIN * PIXELS_A_SQUARE)
    shape = board.columns * PIXELS_A_SQUARE, board.rows * PIXELS_A_SQUARE
    drawn = np.asarray(board.charuco.generateImage(shape, marginSize=0), np.uint8)
    paper = np.pad(np.where(drawn > 127, 225, 25).astype(np.uint8), margin, constant_values=225)
    metres = board.square_mm / 1000 / PIXELS_A_SQUARE
    away = -margin * metres
    return paper, np.array([[metres, 0, away], [0, metres, away], [0, 0, 1]])


def _middles(warp: Array) -> Array:
    """The same between pictures whose pixels are counted from the middle of the first one."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    return np.linalg.inv(half) @ warp @ half
