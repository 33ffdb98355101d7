"""A ChArUco board: a chessboard whose white squares hold markers, so that a part of it is enough.

Its corners are known by number, in metres from its top left corner: x right, y down, z into it.
"""

from functools import cached_property
from typing import Annotated

import cv2
import numpy as np
from pydantic import Field, model_validator

from ...geometry.rotations import Array
from ...runtime.validation import StrictModel

DICTIONARY = cv2.aruco.DICT_4X4_100
MARKER_BITS = 6  # on a side, of the four of its pattern and its black border
Squares = Annotated[int, Field(ge=3, le=14)]
Millimetres = Annotated[float, Field(gt=3, le=200, allow_inf_nan=False)]


class Board(StrictModel):
    """Which board: unless told otherwise, one that fits on A4 and on Letter."""

    columns: Squares = 8
    rows: Squares = 6
    square_mm: Millimetres = 30.0
    """Side of a square, as it is measured on the print."""
    marker_mm: Millimetres = 22.0

    @model_validator(mode="after")
    def _fits(self) -> "Board":
        if not 0.5 * self.square_mm <= self.marker_mm <= 0.9 * self.square_mm:
            raise ValueError("marker_mm must be 50 to 90 % of square_mm")
        return self

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of all its squares."""
        return self.columns * self.square_mm, self.rows * self.square_mm

    @property
    def corners(self) -> int:
        """How many there are between squares."""
        return (self.columns - 1) * (self.rows - 1)

    @cached_property
    def points_m(self) -> Array:
        """Its corners (n, 3) by their numbers."""
        return np.asarray(self.charuco.getChessboardCorners(), np.float64)

    @cached_property
    def charuco(self) -> cv2.aruco.CharucoBoard:
        """The same for OpenCV."""
        return cv2.aruco.CharucoBoard(
            (self.columns, self.rows),
            self.square_mm / 1000,
            self.marker_mm / 1000,
            cv2.aruco.getPredefinedDictionary(DICTIONARY),
        )
