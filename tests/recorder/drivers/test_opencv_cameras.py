"""Cameras by OpenCV: films in the place of a camera, and whatever the system lists."""

import time
from pathlib import Path

import av
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


def camera_of(
    driver: str,
    depth: bool = False,
    jpeg: bool = False,
    size: tuple[int, int] = (320, 240),
    **settings: JsonValue,
) -> CameraDriver:
    width, height = size
    device = CameraSettings(
        driver=driver,
        width=width,
        height=height,
        fps=20.0,
        depth=depth,
        jpeg=jpeg,
        settings=settings,
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


def packets(film: str) -> list[bytes]:
    """What lies in a film, as FFmpeg reads it."""
    with av.open(film) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize(("driver", "named"), [("video", "file"), ("webcam", "device")])
def test_pictures_that_come_compressed_are_passed_on_bit_for_bit(
    film: str, driver: str, named: str
) -> None:
    told: dict[str, JsonValue] = {named: film}
    frames = seen(camera_of(driver, False, True, (640, 480), **told), PICTURES)
    assert [frame.jpeg for frame in frames] == packets(film)
    for frame in frames:
        np.testing.assert_allclose(frame.image[240, 80], RED, atol=25)


def test_a_film_of_jpeg_pictures_keeps_the_contract(film: str) -> None:
    with camera_of("video", jpeg=True, size=(640, 480), file=film) as camera:
        check_camera(camera, CameraShape(640, 480, 20.0, jpeg=True), wait)


def test_jpeg_pictures_of_another_size_or_of_none_are_told_in_words(
    film: str, tmp_path: Path
) -> None:
    with pytest.raises(NoPictures, match="set that size, or leave `jpeg` out"):
        camera_of("video", jpeg=True, file=film).__enter__()
    other = str(tmp_path / "film.mp4")
    writer = cv2.VideoWriter(other, cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (320, 240))
    writer.write(np.zeros((240, 320, 3), np.uint8))
    writer.release()
    with pytest.raises(NoPictures, match="has no whole JPEG pictures: leave `jpeg` out"):
        camera_of("video", jpeg=True, file=other).__enter__()


def test_depth_and_jpeg_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="come without depth: choose one"):
        camera_of("webcam", depth=True, jpeg=True)
