"""A camera's intrinsics and mounting as they travel between processes and machines."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field, PlainValidator

from ..geometry.camera import Camera, Mount
from ..runtime.validation import StrictModel

LONGEST_SIDE = 1 << 14  # pixels

Matrix: TypeAlias = list[list[float]]
Side = Annotated[int, Field(gt=0, le=LONGEST_SIDE)]


def _matrix(rows: int, columns: int) -> Callable[[ArrayLike], Matrix]:
    def check(value: ArrayLike) -> Matrix:
        try:
            numbers = np.asarray(value, np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"must be {rows} × {columns} numbers") from None
        if numbers.shape != (rows, columns) or not np.isfinite(numbers).all():
            raise ValueError(f"must be {rows} × {columns} finite numbers")
        return numbers.tolist()

    return check


class Calibration(StrictModel):
    """The same as ``geometry.Camera``, in plain values. Matrices may come as lists or arrays."""

    name: str
    width: Side
    height: Side
    intrinsics: Annotated[Matrix, PlainValidator(_matrix(3, 3))]
    mount: Mount
    pose: Annotated[Matrix, PlainValidator(_matrix(4, 4))]
    measures_depth: bool = False
    calibrated: bool = True

    @classmethod
    def of(cls, camera: Camera) -> "Calibration":
        return cls.model_validate(camera.to_dict())

    @property
    def camera(self) -> Camera:
        return Camera.from_dict(self.model_dump())
