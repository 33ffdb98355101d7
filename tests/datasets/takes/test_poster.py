"""Posters: one small picture for a list of takes."""

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from teachloop.datasets.errors import NothingShown
from teachloop.datasets.steps import Action, Decider, Image
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.poster import AT, make_poster
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.recorder.devices.interfaces import RobotState

TICKS = 11


def record(folder: Path, height: int, width: int, ticks: int = TICKS) -> Path:
    """A take whose frames are ever brighter."""
    camera = Camera(
        name="front", width=width, height=height, intrinsics=np.eye(3), mount="base",
        pose=np.eye(4),
    )  # fmt: skip
    info = TakeInfo(
        take_id=folder.name, created="2026-01-01T00:00:00+00:00", created_time_ns=1,
        cameras={"front": camera},
    )  # fmt: skip
    with TakeWriter(folder, info) as writer:
        for tick in range(ticks):
            at = (tick + 1) * 50_000_000
            writer.append_robot(_reading(at))
            writer.append_frame("front", tick, at, at, encode_jpeg(_grey(tick, height, width)))
            action = Action(ee_pose=np.eye(4), gripper=1.0, decided_by=Decider.HOLD)
            writer.append_action(at, action, action)
    return folder


def _reading(time_ns: int) -> RobotState:
    return RobotState(
        time_ns=time_ns,
        device_time_ns=time_ns,
        joint_positions_rad=np.zeros(7),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=np.eye(4),
        gripper_width_m=0.08,
    )


def _grey(tick: int, height: int, width: int) -> Image:
    return np.full((height, width, 3), 20 * tick, np.uint8)


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [((480, 640), (240, 320)), ((720, 1280), (360, 640)), ((256, 256), (256, 256))],
)
def test_a_poster_is_a_small_picture_of_the_later_part(
    tmp_path: Path, recorded: tuple[int, int], shown: tuple[int, int]
) -> None:
    with Take.open(record(tmp_path / "one", *recorded)) as take:
        poster = np.asarray(PIL.Image.open(io.BytesIO(make_poster(take))))
    assert poster.shape == (*shown, 3)
    assert poster.mean() == pytest.approx(20 * int(AT * (TICKS - 1)), abs=2)


def test_a_take_without_a_picture_has_no_poster(tmp_path: Path) -> None:
    with (
        Take.open(record(tmp_path / "one", 64, 64, ticks=0)) as take,
        pytest.raises(NothingShown, match="no pictures"),
    ):
        make_poster(take)
