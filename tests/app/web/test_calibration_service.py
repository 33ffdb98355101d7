"""A camera is calibrated through the web's service, by frames of shared memory as a station's."""

import asyncio
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rendered_board import rendered

from teachloop.app.web.calibration_service import (
    CalibrationService,
    NotCalibratable,
    NothingToAccept,
)
from teachloop.app.web.station_process import StationProcess
from teachloop.datasets.calibration import Calibration
from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import farthest_apart, inverse, make_pose
from teachloop.geometry.rotations import Array, from_rotation_vector
from teachloop.recorder.calibration.board import Board
from teachloop.recorder.calibration.session import NoView
from teachloop.recorder.calibration.solution import BadViews
from teachloop.recorder.devices.settings_file import load_settings
from teachloop.recorder.station.commands import Calibrations, Look, LookThrough
from teachloop.runtime.ipc.frames import SharedFrame
from teachloop.runtime.ipc.ring import Ring, memory

STATION = """
robot: {driver: simulated}
cameras:
  beside: {driver: realsense, width: 640, height: 480, settings: {serial: "0815"}}
  front: {driver: simulated, width: 256, height: 256, fps: 20}
"""
LENS = np.array([[610, 0, 322], [0, 610, 238], [0, 0, 1.0]])
PLACE = make_pose(from_rotation_vector([np.pi - 0.4, 0.1, 1.5]), [0.55, 0.1, 0.8])
IN_HAND = make_pose(from_rotation_vector([np.pi, 0.2, 0]), [0.02, -0.01, 0.05])
BYTES = 640 * 480 * 3


class Line:
    """As the line to a station whose camera sees a board in the hand."""

    def __init__(self) -> None:
        self.ring = Ring(memory(Ring.size(4, BYTES)), 4, BYTES)
        self.seen = np.eye(4)  # the board in the camera's frame
        self.watched = False

    def watch(self) -> None:
        self.watched = True

    async def send(self, command: object) -> Any:
        cameras = {name: Calibration.of(camera(name)) for name in ("beside", "front")}
        if not isinstance(command, LookThrough):
            return Calibrations(cameras=cameras)
        number, now_ns = self.ring.head, time.monotonic_ns()
        image = rendered(Board(), self.seen, LENS, (640, 480), seed=number)
        self.ring.publish(number, now_ns, now_ns, image.tobytes())
        hand = PLACE @ self.seen @ inverse(IN_HAND)
        return Look(
            frame=SharedFrame.of(self.ring, number, 480, 640),
            time_ns=now_ns,
            hand=hand.ravel().tolist(),
            calibration=cameras[command.camera],
        )


def camera(name: str) -> Camera:
    """Whose place nobody knows."""
    return Camera(
        name=name, width=640, height=480, intrinsics=LENS, mount="base", pose=np.eye(4),
        calibrated=False,
    )  # fmt: skip


def poses(count: int) -> Array:
    random = np.random.default_rng(4)
    turns = from_rotation_vector(random.uniform(-0.4, 0.4, (count, 3)))
    middle = random.uniform([-0.1, -0.08, 0.45], [0.1, 0.08, 0.65], (count, 3))
    return make_pose(turns, middle - turns @ [0.12, 0.09, 0])


@pytest.fixture
def station(tmp_path: Path) -> StationProcess:
    (tmp_path / "station.yaml").write_text(STATION)
    return StationProcess(tmp_path)


def test_a_place_is_measured_and_saved_once_it_is_accepted(
    tmp_path: Path, station: StationProcess
) -> None:
    line = Line()
    service = CalibrationService(tmp_path, station, line)  # type: ignore[arg-type]

    async def calibrate() -> None:
        with pytest.raises(NothingToAccept):
            await service.accept("beside")
        for pose in poses(9):
            line.seen = pose
            await service.take("beside")
        with pytest.raises(NoView, match="stood for view 9"):
            await service.take("beside")
        seen = await service.seen("beside")
        assert (len(seen.corners), seen.of, seen.hint) == (35, 35, "")
        dropped = await service.drop("beside", 9)
        assert [view.number for view in dropped.views] == [*range(1, 9)]
        solved = await service.solve("beside")
        assert solved.result is not None
        assert solved.result.residual_px < 0.5
        assert station.settings.cameras["beside"].settings == {"serial": "0815"}, "not yet"
        await service.accept("beside")
        assert (await service.state("beside")).views == []

    asyncio.run(calibrate())
    assert line.watched, "or a simulated world would stand still"
    told = load_settings(station.file).cameras["beside"].settings
    found = np.array(told["pose"], np.float64)
    metres, radians = farthest_apart(PLACE[None], found[None])
    assert metres < 0.002
    assert np.degrees(radians) < 0.2
    assert (told["serial"], told["mount"]) == ("0815", "base")
    assert dict(told["measured"])["views"] == 8  # type: ignore[call-overload]


def test_what_cannot_be_calibrated_is_refused_in_words(
    tmp_path: Path, station: StationProcess
) -> None:
    service = CalibrationService(tmp_path, station, Line())  # type: ignore[arg-type]
    with pytest.raises(NotCalibratable, match="'front' cannot be told where it is"):
        asyncio.run(service.state("front"))
    with pytest.raises(NotCalibratable, match="has no camera 'side'"):
        asyncio.run(service.state("side"))
    with pytest.raises(BadViews, match="too few views, 0"):
        asyncio.run(service.solve("beside"))
