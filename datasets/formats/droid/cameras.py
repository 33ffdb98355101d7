"""DROID's cameras: what they are called, and where they are.

Of each, its station writes the pose of its left eye in the base frame at each step, and of the one
at the hand also that in the frame that poses are of; OpenCV's axes. Its intrinsics are in newer
episodes alone; without them, or where it moves as nothing does that it is mounted on, where it is
counts as unknown."""

from collections.abc import Mapping

import h5py
import numpy as np

from ....geometry.camera import Camera, Mount
from ....geometry.poses import farthest_apart
from ..imported.episode import Floats
from ..imported.guessed import uncalibrated
from ..imported.stored import dataset_at, has, numbers
from ..imported.unfolding import blocks
from .robot import poses_of
from .video import Size

KINDS, PLACES = "observation/camera_type", "observation/camera_extrinsics"
LENSES = "observation/camera_intrinsics"
AT_HAND = 0  # DROID's number of the kind
STANDS_M, STANDS_RAD = 0.002, 0.005  # what moves no more stands, where it is mounted
OFF_CENTRE = 0.25  # of a side, at most, where intrinsics are of pictures of this size


def name_of(file: h5py.File, serial: str, steps: int, told: Mapping[str, str]) -> str:
    """As the metadata have it; else by what kind of camera it is. Raises ValueError."""
    if serial in told:
        return told[serial]
    kind = f"{KINDS}/{serial}"
    at_hand = has(file, kind) and (numbers(file, kind, steps, 1) == AT_HAND).all()
    return "wrist" if at_hand else f"camera_{serial}"


def read_names(serial: str) -> list[str]:
    """All that is read of one."""
    left = f"{serial}_left"
    places = [f"{PLACES}/{left}", f"{PLACES}/{left}_gripper_offset"]
    return [f"{KINDS}/{serial}", *places, f"{LENSES}/{left}"]


def camera_of(file: h5py.File, serial: str, name: str, steps: int, size: Size) -> Camera:
    """Raises ValueError."""
    lens, place = _lens(file, serial, size), _place(file, serial, steps)
    if lens is None or place is None:
        return uncalibrated(name, size, lens)
    mount, pose = place
    height, width = size
    return Camera(
        name=name, width=width, height=height, intrinsics=lens, mount=mount, pose=pose
    )  # fmt: skip


def _lens(file: h5py.File, serial: str, size: Size) -> Floats | None:
    """(3, 3) of the first step; None where there are none, or they are of another size."""
    name = f"{LENSES}/{serial}_left"
    if not has(file, name):
        return None
    dataset = dataset_at(file, name)
    if not len(dataset) or dataset.shape[1:] != (3, 3) or dataset.dtype.kind != "f":
        return None
    lens = next(iter(blocks(name, dataset)))[0].astype(np.float64)
    middle = np.array([size[1], size[0]]) / 2
    off = np.abs(lens[:2, 2] - middle) / middle / 2
    usable = np.isfinite(lens).all() and lens[0, 0] > 0 < lens[1, 1] and lens[2, 2] == 1
    return lens if usable and not lens[1, 0] and (off <= OFF_CENTRE).all() else None


def _place(file: h5py.File, serial: str, steps: int) -> tuple[Mount, Floats] | None:
    mounts: tuple[tuple[Mount, str], ...] = (("end_effector", "_gripper_offset"), ("base", ""))
    for mount, ending in mounts:
        name = f"{PLACES}/{serial}_left{ending}"
        if has(file, name):
            poses = poses_of(numbers(file, name, steps, 6))
            metres, radians = farthest_apart(np.broadcast_to(poses[0], poses.shape), poses)
            stands = metres <= STANDS_M and radians <= STANDS_RAD
            return (mount, poses[0]) if stands else None
    return None
