"""The cameras of a demo, and where they stood where the file tells it."""

from collections.abc import Mapping

import h5py
import numpy as np
from pydantic import JsonValue

from ....geometry.camera import Camera
from ....geometry.poses import inverse
from ....geometry.rotations import are_rotations
from ..imported.episode import EpisodeRefused, Floats
from ..imported.guessed import uncalibrated
from ..imported.stored import Size, json_of, names_in, picture_size
from .robosuite import Standing

ENDING = "_image"
HAND = "eye_in_hand"  # in the names of cameras that move with it
MOST = 64  # cameras
LARGEST = 1e5  # of a number in a matrix: pixels


def sizes_of(observed: h5py.Group, steps: int) -> Mapping[str, Size]:
    """By the name of each data set that holds pictures. Raises LookupError, ValueError."""
    found = {name: picture_size(observed, name, steps) for name in sorted(names_in(observed))}
    sizes = {name: size for name, size in found.items() if size is not None}
    if len(sizes) > MOST:
        raise ValueError(f"{len(sizes)} cameras are too many")
    return sizes


def depths_in(observed: h5py.Group) -> list[str]:
    return [name for name in names_in(observed) if name.endswith("_depth")]


def camera_name(name: str) -> str:
    """Raises EpisodeRefused."""
    shown = name.removesuffix(ENDING)
    if not shown or len(shown) > 100 or not shown.isprintable() or "\\" in shown:
        raise EpisodeRefused(f"Pictures are called {name!a:.60}, which names no camera.")
    return shown


def cameras_of(
    demo: h5py.Group, sizes: Mapping[str, Size], stands: Standing | None
) -> dict[str, Camera]:
    """By name. Raises EpisodeRefused, ValueError."""
    told = json_of(demo, "camera_info")
    found = (_camera(camera_name(name), size, told, stands) for name, size in sizes.items())
    return {camera.name: camera for camera in found}


def _camera(name: str, size: Size, told: JsonValue, stands: Standing | None) -> Camera:
    """robomimic tells a camera's pose in robosuite's world, in OpenCV's axes. What it tells of one
    at the hand is the product of two poses in the wrong order, and is no pose of it."""
    about = told.get(name) if isinstance(told, dict) else None
    lengths = _matrix(about, "intrinsics", 3)
    if lengths is None or not _is_intrinsics(lengths):
        return uncalibrated(name, size)
    pose = _matrix(about, "extrinsics", 4)
    if stands is None or HAND in name or pose is None or not _is_pose(pose):
        return uncalibrated(name, size, lengths)
    height, width = size
    return Camera(
        name=name,
        width=width,
        height=height,
        intrinsics=lengths,
        mount="base",
        pose=inverse(stands.base) @ pose,
    )


def _matrix(about: JsonValue, name: str, side: int) -> Floats | None:
    rows = about.get(name) if isinstance(about, dict) else None
    try:
        found = np.array(rows, np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    is_sound = found.shape == (side, side) and (np.abs(found) <= LARGEST).all()
    return found if is_sound else None


def _is_intrinsics(matrix: Floats) -> bool:
    return bool(matrix[0, 0] > 0 < matrix[1, 1] and matrix[1, 0] == 0 and matrix[2, 2] == 1)


def _is_pose(matrix: Floats) -> bool:
    return are_rotations(matrix[:3, :3]) and bool((matrix[3] == [0, 0, 0, 1]).all())
