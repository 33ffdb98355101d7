"""From observations to tensors. Training, evaluation and the robot all go through here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.steps import Image, Observation, Pose
from ...geometry.camera import Camera
from ...geometry.poses import to_nine_numbers
from ...runtime.errors import TeachloopError

MEAN, STD = 0.5, 0.25


class MissingCamera(TeachloopError):
    """A policy was given an observation, or a take, without one of its cameras."""

    def __init__(self, wanted: Sequence[str], present: Sequence[str]) -> None:
        missing = [name for name in wanted if name not in present]
        super().__init__(
            f"The policy needs the cameras {', '.join(wanted)}; missing: {', '.join(missing)} "
            f"(there are: {', '.join(sorted(present)) or 'none'})."
        )


class NotCalibrated(TeachloopError):
    """A policy that lifts what it sees onto the table was given a camera without calibration."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            f"The policy learned with calibrated cameras, and {', '.join(missing)} is not. "
            "Calibrate it, or train an adapter on takes without calibration."
        )


class GripperMismatch(TeachloopError):
    """A policy whose actions work a gripper where there is none, or the other way round."""

    def __init__(self, works: bool) -> None:
        has, robot = ("a", "none") if works else ("no", "one")
        super().__init__(
            f"The policy learned on a robot with {has} gripper, and this one has {robot}. Choose "
            "a policy that learned on a robot like this one."
        )


def require_gripper(works: bool, observation: Observation) -> None:
    """Raises GripperMismatch unless the robot has one just where the policy works one."""
    if works != (observation.gripper_width_m is not None):
        raise GripperMismatch(works)


def require_cameras(wanted: Sequence[str], present: Iterable[str]) -> None:
    """Raises MissingCamera unless every camera of the policy is there."""
    there = list(present)
    if any(name not in there for name in wanted):
        raise MissingCamera(wanted, there)


def shrink(image: Image, size: int, out: Image | None = None) -> Image:
    """An image (h, w, 3) as (size, size, 3), averaged over areas, aspect ignored; in ``out``
    where that is given."""
    small = cv2.resize(image, (size, size), dst=out, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def shrink_all(images: Mapping[str, Image], size: int, names: Sequence[str]) -> NDArray[np.uint8]:
    """The named cameras, stacked: (cameras, size, size, 3). Raises MissingCamera."""
    require_cameras(names, images)
    return np.stack([shrink(images[name], size) for name in names])


def to_pixels(images: NDArray[np.uint8]) -> Tensor:
    """uint8 images (…, s, s, 3) to normalised (…, 3, s, s)."""
    tensor = torch.from_numpy(np.ascontiguousarray(images)).movedim(-1, -3)
    return (tensor.float() / 255 - MEAN) / STD


def proprioception(ee_pose: Pose, opening: NDArray[np.float64] | float | None) -> NDArray:
    """Position, the first two columns of the rotation (Zhou et al. 2019) and how far the gripper
    is open, as a share: poses (…, 4, 4) and shares (…,) to (…, 10) float32; (…, 9) without one."""
    parts = [to_nine_numbers(ee_pose)]
    if opening is not None:
        parts.append(np.asarray(opening)[..., None])
    return np.concatenate(parts, -1).astype(np.float32)


def opening_of(observation: Observation) -> float | None:
    """How far the gripper is open, as a share; None where there is none."""
    width_m = observation.gripper_width_m
    return None if width_m is None else width_m / observation.gripper_opening_m


def no_rays(count: int) -> tuple[NDArray, NDArray]:
    """What stands for the rays of cameras whose key points stay in the image."""
    return np.zeros((count, 3), np.float32), np.zeros((count, 3, 3), np.float32)


def rays(
    cameras: Mapping[str, Camera], ee_pose: Pose, names: Sequence[str]
) -> tuple[NDArray, NDArray]:
    """Camera centres (cameras, 3) and the matrices (cameras, 3, 3) from image fractions
    (x, y, 1) to ray directions in the base frame. Raises NotCalibrated."""
    if unknown := [n for n in names if n not in cameras or not cameras[n].calibrated]:
        raise NotCalibrated(unknown)
    origins, directions = [], []
    for name in names:
        camera = cameras[name]
        pose = camera.pose_in_base(ee_pose)
        to_pixel = np.diag([camera.width, camera.height, 1.0])
        origins.append(pose[:3, 3])
        directions.append(pose[:3, :3] @ np.linalg.inv(camera.intrinsics) @ to_pixel)
    return np.stack(origins).astype(np.float32), np.stack(directions).astype(np.float32)


class Seen(NamedTuple):
    """One observation, with a leading batch dimension of one, through C cameras."""

    pixels: Tensor  # (1, C, 3, s, s)
    proprioception: Tensor  # (1, 10), or (1, 9) without a gripper
    origin: Tensor  # (1, C, 3)
    direction: Tensor  # (1, C, 3, 3)


def observe(observation: Observation, size: int, names: Sequence[str], lifted: bool) -> Seen:
    """What a policy sees through the named cameras, whose rays are only asked for where key points
    are lifted. Raises MissingCamera, NotCalibrated."""
    images = shrink_all(observation.images, size, names)
    known = observation.cameras
    origin, direction = rays(known, observation.ee_pose, names) if lifted else no_rays(len(names))
    state = proprioception(observation.ee_pose, opening_of(observation))
    return Seen(
        to_pixels(images)[None],
        torch.from_numpy(state)[None],
        torch.from_numpy(origin)[None],
        torch.from_numpy(direction)[None],
    )
