"""Cameras by OpenCV: films in the place of a camera, and whatever the system lists."""

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydantic import JsonValue

from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.conformance import check_camera, check_leaving
from teachloop.recorder.devices.interfaces import CameraDriver, Frame, ProcessContext
from teachloop.recorder.devices.settings import CameraSettings
from teachloop.recorder.drivers.capture import NoPictures
from teachloop.recorder.drivers.opening import make_camera

SHAPE = CameraShape(320, 240, 20.0)
PICTURES = 8
RED, BLUE = (220, 20, 20), (20, 20, 220)


def camera_of(driver: str, depth: bool = False, **settings: JsonValue) -> CameraDriver:
    device = CameraSettings(
        driver=driver, width=320, height=240, fps=20.0, depth=depth, settings=settings
    )
    return make_camera("front", device, ProcessContext())


def wait() -> None:
    time.sleep(0.02)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Red on the left and blue on the right, of twice the size, at another rate."""
    path = tmp_path_factory.mktemp("film") / "film.avi"
    picture = np.zeros((480, 640, 3), np.uint8)
    picture[:, :320], picture[:, 320:] = RED, BLUE
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5.0, (640, 480))
    for _ in range(PICTURES):
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    writer.release()
    return str(path)


def seen(camera: CameraDriver, count: int) -> list[Frame]:
    frames: list[Frame] = []
    end = time.monotonic() + 10
    with camera:
        camera.stream(frames.append)
        while len(frames) < count and time.monotonic() < end:
            wait()
    return frames[:count]


def test_a_film_keeps_the_contract(film: str) -> None:
    with camera_of("video", file=film) as camera:
        check_camera(camera, SHAPE, wait)
        assert not camera.calibration.calibrated
    check_leaving(lambda: camera_of("video", file=film), wait)


def test_a_film_goes_on_from_its_beginning_in_its_own_colours(film: str) -> None:
    frames = seen(camera_of("video", file=film), PICTURES + 4)
    assert len(frames) == PICTURES + 4
    for frame in frames:
        np.testing.assert_allclose(frame.image[120, 40], RED, atol=25)
        np.testing.assert_allclose(frame.image[120, 280], BLUE, atol=25)


@pytest.mark.parametrize("driver", ["video", "webcam"])
def test_depth_is_refused(driver: str) -> None:
    with pytest.raises(NoPictures, match="no depth; the settings of camera 'front' ask for it"):
        camera_of(driver, depth=True)


def test_no_film_and_what_is_none_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoPictures, match="There is no film"):
        camera_of("video", file=str(tmp_path / "none.mp4")).__enter__()
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(NoPictures, match="is no film that can be read"):
        camera_of("video", file=str(tmp_path / "text.mp4")).__enter__()


def test_a_webcam_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    missing = camera_of("webcam", device=str(tmp_path / "video7"))
    with pytest.raises(NoPictures, match=r"No camera .*video7 gives pictures: it is not"):
        missing.__enter__()


def test_a_webcam_of_another_size_is_told_in_words(film: str) -> None:
    """OpenCV reads a film as it reads a camera."""
    with pytest.raises(NoPictures, match="gives 640×480 where the settings say 320×240"):
        camera_of("webcam", device=film).__enter__()
