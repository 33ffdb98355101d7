"""Demonstrations that RLBench saved (James et al., 2020), as takes with true masks.

`ROOT/TASK/variation<V>/episodes/episode<E>/` holds `low_dim_obs.pkl` and a folder of PNGs for each
camera and kind of image; a mask image holds the handle of what each pixel shows. Its pickles are
read without running what they name.
"""

import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sittings.writing import START_NS, TICK_NS

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import inverse, make_pose
from teachloop.recorder.devices.interfaces import RobotState

from .filming import TrueTake

TABLE_M = 0.752  # height of RLBench's table, on which the robot stands, over its origin
_SEEN_PX = 20
_LARGE_SHARE = 0.03  # of an image; what is larger is no thing to be picked up
_CAMERAS = 3  # that see an object, the wrist's among them
_TURNED = np.diag([-1.0, -1.0, 1.0, 1.0])  # its cameras' axes have x to the left and y up
_SHIFT = make_pose(np.eye(3), [0.0, 0.0, -TABLE_M])


class _Record:
    """Stands for RLBench's Demo and Observation: attributes alone."""


class _Reader(pickle.Unpickler):
    """Admits those two and numpy's arrays; a pickle of anything else is refused."""

    _ARRAYS = re.compile(r"numpy(\._?core\.multiarray)?\.(_reconstruct|scalar|ndarray|dtype)")

    def find_class(self, module_name: str, global_name: str) -> Any:
        name = f"{module_name}.{global_name}"
        if name in ("rlbench.demo.Demo", "rlbench.backend.observation.Observation"):
            return _Record
        if self._ARRAYS.fullmatch(name):
            return super().find_class(module_name.replace("core", "_core", 1), global_name)
        raise pickle.UnpicklingError(f"A demonstration needs no {name!r}.")


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """One saved episode."""

    folder: Path
    observations: list[Any]  # RLBench's, of which only attributes are read

    @classmethod
    def read(cls, folder: Path) -> "Demonstration":
        """Raises OSError, UnpicklingError."""
        with (folder / "low_dim_obs.pkl").open("rb") as file:
            return cls(folder, _Reader(file).load()._observations)

    @property
    def name(self) -> str:
        return "-".join(self.folder.parts[-4::3])

    def cameras(self) -> dict[str, Camera]:
        """Those that took pictures, in the frame of the robot's base."""
        first = self.observations[0]
        names = sorted(path.name[:-4] for path in self.folder.glob("*_rgb"))
        return {name: _camera(name, first, self.image(name, 0).shape) for name in names}

    def image(self, camera: str, index: int) -> NDArray[np.uint8]:
        """RGB (height, width, 3)."""
        return self._png(f"{camera}_rgb", index)

    def handles(self, camera: str, index: int) -> NDArray[np.int64]:
        """Of what each pixel shows, (height, width)."""
        return self._png(f"{camera}_mask", index).astype(np.int64) @ np.array([1, 256, 65536])

    def objects(self) -> list[int]:
        """Handles of what could be picked up: small, and seen by the wrist and by two more."""
        counts = [_areas(self.handles(camera, 0)) for camera in self.cameras()]
        wrist = _areas(self.handles("wrist", 0))
        return [h for h in sorted(wrist) if sum(h in c for c in counts) >= _CAMERAS]

    def _png(self, kind: str, index: int) -> NDArray[np.uint8]:
        image = cv2.imread(str(self.folder / kind / f"{index}.png"))
        if image is None:
            raise FileNotFoundError(self.folder / kind / f"{index}.png")
        return np.asarray(image[..., ::-1], np.uint8)


def demonstrations(root: Path) -> Iterator[Demonstration]:
    """All that a folder holds."""
    for path in sorted(root.glob("*/variation*/episodes/episode*/low_dim_obs.pkl")):
        yield Demonstration.read(path.parent)


def written(demo: Demonstration, folder: Path) -> Mapping[int, TrueTake]:
    """Record a demonstration as `take.h5`; what is true of each object, by its handle."""
    cameras = demo.cameras()
    info = TakeInfo(
        take_id=folder.name,
        created="2026-01-01T00:00:00+00:00",
        created_time_ns=START_NS,
        task=demo.name,
        robot="rlbench",
        cameras=cameras,
    )
    with TakeWriter(folder, info) as writer:
        for number in range(len(demo.observations)):
            _write(writer, demo, number, list(cameras))
    shown = {
        name: np.stack([demo.handles(name, index) for index in range(len(demo.observations))])
        for name in cameras
    }
    return {
        handle: TrueTake(folder, str(handle), {name: ids == handle for name, ids in shown.items()})
        for handle in demo.objects()
    }


def _camera(name: str, first: Any, shape: tuple[int, ...]) -> Camera:
    pose = _SHIFT @ np.asarray(first.misc[f"{name}_camera_extrinsics"]) @ _TURNED
    on_hand = name == "wrist"
    return Camera(
        name=name,
        width=shape[1],
        height=shape[0],
        intrinsics=np.abs(first.misc[f"{name}_camera_intrinsics"]),
        mount="end_effector" if on_hand else "base",
        pose=inverse(_SHIFT @ first.gripper_matrix) @ pose if on_hand else pose,
    )


def _areas(handles: NDArray[np.int64]) -> set[int]:
    values, counts = np.unique(handles, return_counts=True)
    fit = (counts >= _SEEN_PX) & (counts < _LARGE_SHARE * handles.size)
    return set(values[fit].tolist())


def _write(writer: TakeWriter, demo: Demonstration, number: int, cameras: list[str]) -> None:
    seen, time_ns = demo.observations[number], START_NS + number * TICK_NS
    ee_pose = _SHIFT @ seen.gripper_matrix
    state = RobotState(
        time_ns=time_ns,
        device_time_ns=time_ns,
        joint_positions_rad=seen.joint_positions,
        joint_velocities_rad_s=seen.joint_velocities,
        ee_pose=ee_pose,
        gripper_width_m=float(seen.gripper_joint_positions.sum()),
    )
    action = Action(ee_pose=ee_pose, gripper=float(seen.gripper_open), decided_by=Decider.SCRIPT)
    writer.append_robot(state)
    writer.append_action(time_ns, action, action)
    for name in cameras:
        jpeg = encode_jpeg(demo.image(name, number))
        writer.append_frame(name, number, time_ns, time_ns, jpeg)
