"""Small takes with drawn images and labels: enough to train on, made in a moment."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from teachloop.datasets.embodiment import FRANKA_GRIPPER, Gripper
from teachloop.datasets.labels.edits import SetMask, SetObjects, SetSuccess
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.datasets.tool import FRANKA_HAND, Tool
from teachloop.geometry.camera import Camera, Mount
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.recorder.devices.interfaces import RobotState

TICKS, SIDE, TICK_NS = 20, 64, 50_000_000
DOWN = from_rotation_vector([np.pi, 0, 0])


def draw_take(
    data: Path,
    name: str,
    *,
    labeled: bool = True,
    cameras: tuple = ("front", "wrist"),
    wandering: int | None = None,
    scene: str = "",
    calibrated: bool = True,
    decided_by: Sequence[Decider] = (Decider.SCRIPT,) * TICKS,
    ticks: range = range(TICKS),
    success: bool | None = None,
    closes: int = 0,
    task: str = "",
    tool: Tool = FRANKA_HAND,
    gripper: Gripper | None = FRANKA_GRIPPER,
) -> str:
    """A take in which the hand moves right above a red square; with a seed for ``wandering`` no
    two ticks are alike: the hand wanders, the square jumps, the light changes. A policy asks for
    what lies half a metre beside the path. ``ticks``: those of the whole run that are recorded.
    ``closes``: the tick from which on the gripper is told to be closed. Returns its id."""
    folder = data / "takes" / name
    info = TakeInfo(
        take_id=name, created="2026-01-01T00:00:00+00:00", created_time_ns=0,
        instruction="push the red square to the right",
        cameras={each: camera(each, calibrated=calibrated) for each in cameras}, scene=scene,
        task=task,
        tool=tool, gripper=gripper,
    )  # fmt: skip
    with TakeWriter(folder, info) as writer:
        for tick in ticks:
            way = _path(wandering)[tick : tick + 2]
            command = None if gripper is None else float(tick < closes)
            image = _image(tick, wandering)
            _write_tick(writer, tick, cameras, way, image, decided_by[tick], command)
    if labeled:
        masks = [
            SetMask(
                camera,
                index,
                "red square",
                MaskRecord(rle=encode(_mask(tick, wandering)), source=MaskSource.HUMAN),
            )
            for camera in cameras
            for index, tick in enumerate(ticks)
        ]
        said = SetObjects((ObjectLabel("red square", True),))
        Labels.open(folder).apply([said, *masks], 0, "test")
    if success is not None:
        judge(data, name, success)
    return name


def judge(data: Path, name: str, success: bool | None) -> None:
    """Say of a take how it ended."""
    labels = Labels.open(data / "takes" / name)
    labels.apply([SetSuccess(success)], labels.revision, "test")


def camera(name: str, mount: Mount = "base", calibrated: bool = True) -> Camera:
    intrinsics = np.array([[60.0, 0, 32], [0, 60, 32], [0, 0, 1]])
    return Camera(
        name=name, width=SIDE, height=SIDE, intrinsics=intrinsics, mount=mount,
        pose=make_pose(DOWN, [0.5, 0, 0.8]), calibrated=calibrated,
    )  # fmt: skip


def _mask(tick: int, wandering: int | None) -> np.ndarray:
    row, column = 20, 10 + tick
    if wandering is not None:
        row, column = np.random.default_rng([wandering, tick]).integers(0, SIDE - 14, 2)
    mask = np.zeros((SIDE, SIDE), bool)
    mask[row : row + 14, column : column + 14] = True
    return mask


def _image(tick: int, wandering: int | None) -> np.ndarray:
    light = (
        90
        if wandering is None
        else np.random.default_rng([wandering, tick, 1]).integers(250, size=3)
    )
    image = np.full((SIDE, SIDE, 3), light, np.uint8)
    image[_mask(tick, wandering)] = [210, 30, 30]
    return image


def _path(wandering: int | None) -> np.ndarray:
    """Where the hand is at each tick (TICKS + 1, 3) in metres."""
    if wandering is None:
        return np.array([[0.5, 0.01 * tick, 0.1] for tick in range(TICKS + 1)])
    steps = np.random.default_rng(wandering).normal(0, 0.01, (TICKS + 1, 3))
    return np.array([0.5, 0.0, 0.3]) + steps.cumsum(0)


def _write_tick(
    writer: TakeWriter,
    tick: int,
    cameras: tuple,
    way: np.ndarray,
    image: np.ndarray,
    decided_by: Decider,
    command: float | None,
) -> None:
    time_ns = (tick + 1) * TICK_NS
    pose, target = (make_pose(DOWN, position) for position in way)
    writer.append_robot(
        RobotState(
            time_ns=time_ns,
            device_time_ns=time_ns,
            joint_positions_rad=np.zeros(7),
            joint_velocities_rad_s=np.zeros(7),
            ee_pose=pose,
            gripper_width_m=None if command is None else 0.04,
        )
    )
    if decided_by == Decider.POLICY:
        target = make_pose(DOWN, way[1] + [0, 0.5, 0])
    action = Action(ee_pose=target, gripper=command, decided_by=decided_by)
    writer.append_action(time_ns, action, action)
    for camera in cameras:
        writer.append_frame(camera, tick, time_ns, time_ns, encode_jpeg(image))
