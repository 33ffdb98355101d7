"""A pinhole camera in OpenCV's axes: x right, y down, z forward; pixel centres at +0.5.

Pixel (u, v) is measured from the image's top left corner, so the centre of the first
pixel is (0.5, 0.5) and a (height, width) image spans [0, width] × [0, height].
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from .poses import inverse
from .rotations import Array

Mount = Literal["base", "end_effector"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Camera:
    """Intrinsics and mounting of one camera."""

    name: str
    width: int
    height: int
    intrinsics: Array  # (3, 3) pixels
    mount: Mount
    pose: Array  # (4, 4) camera in the frame that it is mounted on
    measures_depth: bool = False  # seen from the same place as its images, pixel by pixel
    calibrated: bool = True  # whether intrinsics and pose were measured, or are a guess
    delay_s: float | None = None  # from what it sees to the picture's arrival, where measured

    def pose_in_base(self, ee_pose: Array) -> Array:
        """Camera pose (4, 4) in the base frame, given the end effector's (4, 4)."""
        return self.pose if self.mount == "base" else ee_pose @ self.pose

    def project(self, points: ArrayLike, ee_pose: Array) -> tuple[Array, Array]:
        """Base-frame points (…, 3) to pixels (…, 2) and depth (…,) in metres."""
        from_base = inverse(self.pose_in_base(ee_pose))
        local = np.asarray(points, np.float64) @ from_base[:3, :3].T + from_base[:3, 3]
        depth = local[..., 2]
        safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        image = (local / safe[..., None]) @ self.intrinsics.T
        return image[..., :2], depth

    def rays(self, pixels: ArrayLike, ee_pose: Array) -> tuple[Array, Array]:
        """Pixels (…, 2) to the ray's origin (3,) and directions (…, 3) of unit depth."""
        pose = self.pose_in_base(ee_pose)
        pixels = np.asarray(pixels, np.float64)
        ones = np.ones((*pixels.shape[:-1], 1))
        local = np.concatenate([pixels, ones], -1) @ np.linalg.inv(self.intrinsics).T
        return pose[:3, 3], local @ pose[:3, :3].T

    def lift_to_height(self, pixels: ArrayLike, height_m: float, ee_pose: Array) -> Array:
        """Where the pixels' rays meet the plane z = height_m: (…, 3), NaN where they do not."""
        origin, direction = self.rays(pixels, ee_pose)
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = (height_m - origin[2]) / direction[..., 2]
        distance = np.where(distance > 0, distance, np.nan)
        return origin + distance[..., None] * direction

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; without a delay that nobody measured."""
        delay = {} if self.delay_s is None else {"delay_s": self.delay_s}
        return {
            "name": self.name,
            "width": self.width,
            "height": self.height,
            "intrinsics": self.intrinsics.tolist(),
            "mount": self.mount,
            "pose": self.pose.tolist(),
            "measures_depth": self.measures_depth,
            "calibrated": self.calibrated,
            **delay,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Camera":
        """The camera that ``to_dict`` described."""
        arrays = {key: np.asarray(values[key], np.float64) for key in ("intrinsics", "pose")}
        return cls(**{**values, **arrays})
