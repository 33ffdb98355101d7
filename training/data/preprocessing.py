"""From observations to tensors. Training, evaluation and the robot all go through here."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.steps import Image, Observation, Pose
from ...geometry.camera import Camera
from ...runtime.errors import TeachloopError
from ..grounded.config import CAMERAS

MEAN, STD = 0.5, 0.25
HAND_M = 0.08  # opening of the Franka Hand


class MissingCamera(TeachloopError):
    """A policy was given an observation without one of its cameras."""

    def __init__(self, missing: Sequence[str], present: Sequence[str]) -> None:
        super().__init__(
            f"The policy needs the cameras {', '.join(CAMERAS)}; missing: {', '.join(missing)} "
            f"(there are: {', '.join(present) or 'none'})."
        )


def require_cameras(present: Sequence[str]) -> None:
    """Raises MissingCamera unless every camera of the policy is there."""
    if missing := [name for name in CAMERAS if name not in present]:
        raise MissingCamera(missing, sorted(present))


def shrink(image: Image, size: int, out: Image | None = None) -> Image:
    """An image (h, w, 3) as (size, size, 3), averaged over areas, aspect ignored; in ``out``
    where that is given."""
    small = cv2.resize(image, (size, size), dst=out, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def shrink_all(images: Mapping[str, Image], size: int) -> NDArray[np.uint8]:
    """The policy's cameras, stacked: (cameras, size, size, 3)."""
    require_cameras(list(images))
    return np.stack([shrink(images[name], size) for name in CAMERAS])


def to_pixels(images: NDArray[np.uint8]) -> Tensor:
    """uint8 images (…, s, s, 3) to normalised (…, 3, s, s)."""
    tensor = torch.from_numpy(np.ascontiguousarray(images)).movedim(-1, -3)
    return (tensor.float() / 255 - MEAN) / STD


def proprioception(ee_pose: Pose, gripper_width_m: NDArray[np.float64] | float) -> NDArray:
    """Position, the first two columns of the rotation (Zhou et al. 2019) and the opening:
    poses (…, 4, 4) and widths (…,) to (…, 10) float32."""
    rotation = np.swapaxes(ee_pose[..., :3, :2], -1, -2).reshape(*ee_pose.shape[:-2], 6)
    opening = np.asarray(gripper_width_m)[..., None] / HAND_M
    return np.concatenate([ee_pose[..., :3, 3], rotation, opening], -1).astype(np.float32)


def rays(cameras: Mapping[str, Camera], ee_pose: Pose) -> tuple[NDArray, NDArray]:
    """Camera centres (cameras, 3) and the matrices (cameras, 3, 3) from image fractions
    (x, y, 1) to ray directions in the base frame."""
    require_cameras(list(cameras))
    origins, directions = [], []
    for name in CAMERAS:
        camera = cameras[name]
        pose = camera.pose_in_base(ee_pose)
        to_pixel = np.diag([camera.width, camera.height, 1.0])
        origins.append(pose[:3, 3])
        directions.append(pose[:3, :3] @ np.linalg.inv(camera.intrinsics) @ to_pixel)
    return np.stack(origins).astype(np.float32), np.stack(directions).astype(np.float32)


def observe(observation: Observation, size: int) -> dict[str, Tensor]:
    """One observation as tensors with a leading batch dimension of one."""
    origin, direction = rays(observation.cameras, observation.ee_pose)
    state = proprioception(observation.ee_pose, observation.gripper_width_m)
    return {
        "pixels": to_pixels(shrink_all(observation.images, size))[None],
        "proprioception": torch.from_numpy(state)[None],
        "origin": torch.from_numpy(origin)[None],
        "direction": torch.from_numpy(direction)[None],
    }
