"""A camera's intrinsics and mounting as they travel between processes and machines."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from pydantic import AfterValidator, Field, PlainValidator

from ..geometry.camera import Camera, Mount
from ..runtime.validation import StrictModel

LONGEST_SIDE = 1 << 14  # pixels
LARGEST = 1e6  # of a matrix: pixels or metres; far beyond any, and its square is still a number

Matrix: TypeAlias = list[list[float]]
Side = Annotated[int, Field(gt=0, le=LONGEST_SIDE)]


def _matrix(rows: int, columns: int) -> Callable[[ArrayLike], Matrix]:
    def check(value: ArrayLike) -> Matrix:
        try:
            numbers = np.asarray(value, np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"must be {rows} × {columns} numbers") from None
        if numbers.shape != (rows, columns) or not (np.abs(numbers) <= LARGEST).all():
            raise ValueError(f"must be {rows} × {columns} finite numbers, none beyond {LARGEST:g}")
        return numbers.tolist()

    return check


def _invertible(intrinsics: Matrix) -> Matrix:
    """Or no ray goes through a pixel."""
    positive = intrinsics[0][0] > 0 and intrinsics[1][1] > 0
    if not positive or intrinsics[1][0] or intrinsics[2] != [0, 0, 1]:
        raise ValueError("must be fx, skew, cx; 0, fy, cy; 0, 0, 1 with positive fx and fy")
    return intrinsics


class Calibration(StrictModel):
    """The same as ``geometry.Camera``, in plain values. Matrices may come as lists or arrays."""

    name: str
    width: Side
    height: Side
    intrinsics: Annotated[Matrix, PlainValidator(_matrix(3, 3)), AfterValidator(_invertible)]
    mount: Mount
    pose: Annotated[Matrix, PlainValidator(_matrix(4, 4))]
    measures_depth: bool = False
    calibrated: bool = True
    delay_s: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] | None = None

    @classmethod
    def of(cls, camera: Camera) -> "Calibration":
        return cls.model_validate(camera.to_dict())

    @property
    def camera(self) -> Camera:
        return Camera.from_dict(self.model_dump())
