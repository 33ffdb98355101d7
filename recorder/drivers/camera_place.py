"""Where a real camera is mounted, as people say it in its settings."""

from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, Field

from ...geometry.camera import Camera
from ...geometry.rotations import Array, are_rotations
from ...runtime.described import DescribedModel
from ..devices.camera_shape import CameraShape

Row = tuple[float, float, float, float]
Pixels = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _rigid(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    if rows and not (len(rows) == 4 and _is_rigid(np.array(rows, np.float64))):
        raise ValueError("must be four rows of a rigid pose, the last 0, 0, 0, 1")
    return rows


def _is_rigid(pose: Array) -> bool:
    whole = np.isfinite(pose).all() and np.array_equal(pose[3], [0, 0, 0, 1])
    return bool(whole and are_rotations(pose[:3, :3]))


class Measured(BaseModel, extra="forbid", frozen=True):
    """When and how well a place was measured with a board."""

    date: str
    views: int
    residual_px: float
    residual_mm: float  # across the line of sight, at the board
    uncertain_mm: float  # of the place
    uncertain_deg: float


class CameraPlace(DescribedModel):
    """Part of the settings of every real camera."""

    mount: Literal["base", "end_effector"] = "base"
    """Whether it stands beside the robot, or moves with its hand."""
    pose: Annotated[tuple[Row, ...], AfterValidator(_rigid)] = ()
    """Where it is on that: four rows of a 4×4 matrix, metres, its z axis going out of the lens and
    its x axis to the right. Left out, nobody knows, and policies keep to what is in the image."""

    measured: Measured | None = None
    """How the pose was measured, where it was."""

    delay_ms: Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)] | None = None
    """How much later than the robot's state its pictures arrive, as the pictures of takes tell.
    Stored with each take; nothing is shifted by it."""

    def camera(self, name: str, shape: CameraShape, intrinsics: Array | None) -> Camera:
        """Of pictures of that shape; without intrinsics (3, 3), a guess at them."""
        guess = np.array(
            [[shape.width, 0, shape.width / 2], [0, shape.width, shape.height / 2], [0, 0, 1.0]]
        )
        known = intrinsics is not None and bool(self.pose)
        return Camera(
            name=name,
            width=shape.width,
            height=shape.height,
            intrinsics=guess if intrinsics is None else intrinsics,
            mount=self.mount,
            pose=np.array(self.pose, np.float64) if self.pose else np.eye(4),
            measures_depth=shape.depth,
            calibrated=known,
            delay_s=None if self.delay_ms is None else self.delay_ms / 1e3,
        )


class PlaceAndLens(CameraPlace):
    """Of cameras that do not know their own intrinsics."""

    lens: tuple[Pixels, Pixels, float, float] | tuple[()] = ()
    """Focal lengths fx, fy and centre cx, cy in pixels of the recorded picture. Left out, nobody
    knows, and the camera counts as not calibrated."""

    @property
    def intrinsics(self) -> Array | None:
        """(3, 3), or None where nobody knows."""
        if not self.lens:
            return None
        fx, fy, cx, cy = self.lens
        return np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1.0]])
