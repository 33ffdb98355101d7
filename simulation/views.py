"""The cameras: where they are, what they see, and how recorded images are cut from them."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..geometry.camera import Camera
from ..geometry.panda import HAND
from ..geometry.poses import inverse, make_pose
from ..geometry.rotations import Array
from ..runtime.errors import TeachloopError
from .robot_spec import DIGITS
from .scenes import Look, Numbers, SceneSpec

RECORDED = 256  # recorded images are square
PREVIEW_SIZE = (640, 480)  # width, height of the front preview


class NoSuchCamera(TeachloopError):
    """A camera that the simulator does not have."""


@dataclass(frozen=True, slots=True)
class View:
    """A camera's nominal mounting: base frame for the fixed ones, hand frame for the wrist."""

    mount: Literal["base", "end_effector"]
    position_m: tuple[float, float, float]
    looks_at_m: tuple[float, float, float]
    image_down: tuple[float, float, float]  # the parent's direction that points down in the image
    fovy_rad: float


VIEWS: dict[str, View] = {
    "front": View("base", (1.27, 0.0, 0.905), (0.49, 0.0, 0.05), (0.0, 0.0, -1.0), 0.408),
    "wrist": View("end_effector", (0.075, 0.0, 0.030), (0.030, 0.0, 0.120), (1.0, 0.0, 0.0), 1.30),
    "side": View("base", (0.49, 0.78, 0.905), (0.49, 0.0, 0.05), (0.0, 0.0, -1.0), 0.408),
}
USUAL = ("front", "wrist")  # what a world draws unless it is asked for others


def view(name: str) -> View:
    """The camera's mounting; raises NoSuchCamera."""
    if name not in VIEWS:
        raise NoSuchCamera(f"No camera {name!r} in the simulator. It has: {', '.join(VIEWS)}.")
    return VIEWS[name]


def camera_pose_in_parent(name: str, look: Look) -> Array:
    """OpenCV pose (4, 4) of the jittered camera in the base (fixed) or hand (wrist) frame."""
    nominal = view(name)
    moved, turned = _jitter(nominal, look)
    return _looking(
        np.add(nominal.position_m, moved), np.add(nominal.looks_at_m, turned), nominal.image_down
    )


def _jitter(nominal: View, look: Look) -> tuple[Numbers, Numbers]:
    """Of position and target. Scenes know of one for what is fixed, which all fixed ones share,
    and one for the hand."""
    if nominal.mount == "base":
        return look.front_position_jitter_m, look.front_target_jitter_m
    return look.wrist_position_jitter_m, look.wrist_target_jitter_m


def _looking(position: ArrayLike, target: ArrayLike, down: ArrayLike) -> Array:
    forward = np.subtract(target, position)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(np.asarray(down, np.float64), forward)
    right = right / np.linalg.norm(right)
    return make_pose(np.stack([right, np.cross(forward, right), forward], 1), position)


def camera_model(name: str, scene: SceneSpec, width: int, height: int) -> Camera:
    """The calibrated camera, jitter included, of an image of that size. The hand's is seen from
    the tool's centre point."""
    pose = camera_pose_in_parent(name, scene.look)
    if view(name).mount == "end_effector":
        pose = np.round(inverse(scene.robot.flange_to_tool) @ HAND, DIGITS) @ pose
    focal = 0.5 * height / np.tan(0.5 * view(name).fovy_rad)
    intrinsics = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    return Camera(
        name=name,
        width=width,
        height=height,
        intrinsics=intrinsics,
        mount=view(name).mount,
        pose=pose,
        measures_depth=True,
    )


def centre_square(image: NDArray) -> NDArray:
    """The middle (height, height, …) of a wider image, as a view."""
    height, width = image.shape[:2]
    left = (width - height) // 2
    return image[:, left : left + height]


def recorded_front(preview: NDArray) -> NDArray:
    """The recorded 256×256 image of a 640×480 preview: its centre square, area-averaged."""
    square = centre_square(preview)
    return cv2.resize(square, (RECORDED, RECORDED), interpolation=cv2.INTER_AREA)


def recorded_front_depth(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """The depth (256, 256) of the recorded image's pixels: of one point each, since the mean
    of two surfaces lies on neither."""
    square = centre_square(depth)
    small = cv2.resize(square, (RECORDED, RECORDED), interpolation=cv2.INTER_NEAREST_EXACT)
    return small.astype(np.float32)


def recorded_front_mask(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask (256, 256) that goes with the recorded image: pixels covered by more than half."""
    return recorded_front(np.where(mask, np.float32(1), np.float32(0))) > 0.5
