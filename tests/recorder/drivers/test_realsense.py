"""The RealSense driver on recordings that librealsense plays as if they were a camera."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import JsonValue

from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.geometry.camera import Camera
from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.conformance import check_camera, check_leaving
from teachloop.recorder.devices.interfaces import CameraDriver, Frame, ProcessContext
from teachloop.recorder.devices.settings import CameraSettings
from teachloop.recorder.drivers.opening import make_camera
from teachloop.recorder.drivers.realsense.connection import connected
from teachloop.recorder.drivers.realsense.lens import (
    brown_conrady,
    modified_brown_conrady,
)
from teachloop.recorder.drivers.realsense.library import NoRealSense
from teachloop.recorder.drivers.realsense.order import Order
from teachloop.recorder.drivers.trial import trial

rs = pytest.importorskip("pyrealsense2", reason="pyrealsense2 has no wheel for this machine")
from realsense_recording import (  # noqa: E402
    BASELINE_M,
    COLOUR_C,
    COLOUR_F,
    DEPTH_C,
    DEPTH_F,
    FPS,
    HEIGHT,
    WIDTH,
    Shot,
    record,
)

NEAR_MM, FAR_MM = 600, 1000
BOX = slice(150, 250), slice(250, 350)  # rows and columns of what is near, as depth sees it
BENT = (0.12, -0.2, 0.001, -0.002, 0.05)


def shot(number: int, after_s: float = 1 / FPS) -> Shot:
    """A green box before a wall, and a red mark that wanders."""
    colour = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    depth = np.full((HEIGHT, WIDTH), FAR_MM, np.uint16)
    depth[BOX] = NEAR_MM
    top, left = _in_colour(BOX[0].start, BOX[1].start)
    bottom, right = _in_colour(BOX[0].stop, BOX[1].stop)
    colour[top:bottom, left:right] = (0, 200, 0)
    colour[400:420, 5 * number : 5 * number + 20] = (200, 0, 0)
    return Shot(colour, depth, after_s)


def _in_colour(row: float, column: float) -> tuple[int, int]:
    """Where the colour camera sees a place of the box, by its pinhole."""
    metres = NEAR_MM / 1000
    x = (column - DEPTH_C[0]) / DEPTH_F * metres + BASELINE_M
    y = (row - DEPTH_C[1]) / DEPTH_F * metres
    return round(y / metres * COLOUR_F + COLOUR_C[1]), round(x / metres * COLOUR_F + COLOUR_C[0])


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds."""
    return record(tmp_path_factory.mktemp("realsense") / "three.db3", map(shot, range(90)))


@pytest.fixture(scope="module")
def compressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a camera that compresses its colours."""
    path = tmp_path_factory.mktemp("realsense") / "compressed.db3"
    return record(path, map(shot, range(60)), jpeg=True)


def camera_of(
    depth: bool = True, width: int = WIDTH, jpeg: bool = False, **settings: JsonValue
) -> CameraDriver:
    device = CameraSettings(
        driver="realsense",
        width=width,
        height=HEIGHT,
        fps=FPS,
        depth=depth and not jpeg,
        jpeg=jpeg,
        settings=settings,
    )
    return make_camera("front", device, ProcessContext())


def frames_of(camera: CameraDriver, seconds: float, enough: int = 10**6) -> list[Frame]:
    frames: list[Frame] = []
    end = time.monotonic() + seconds
    with camera:
        camera.stream(frames.append)
        while len(frames) < enough and time.monotonic() < end:
            time.sleep(0.02)
    return frames


def wait() -> None:
    time.sleep(0.02)


@pytest.mark.parametrize("depth", [True, False])
def test_it_keeps_the_contract(recording: Path, depth: bool) -> None:
    with camera_of(depth, recording=str(recording)) as camera:
        check_camera(camera, CameraShape(WIDTH, HEIGHT, FPS, depth), wait)


def test_it_is_left_and_had_again(recording: Path) -> None:
    check_leaving(lambda: camera_of(recording=str(recording)), wait)


def test_colour_is_what_was_seen_and_depth_lies_on_it(recording: Path) -> None:
    frame = frames_of(camera_of(recording=str(recording)), 5.0, enough=10)[-1]
    assert frame.depth_mm is not None
    green = (frame.image[..., 1] > 150) & (frame.image[..., 0] < 60)
    near = np.abs(frame.depth_mm.astype(int) - NEAR_MM) < 5
    both, either = (green & near).sum(), (green | near)[:390].sum()
    assert both / either > 0.95, "the box of both is one box"
    assert np.median(frame.depth_mm[300:380]) == FAR_MM


def test_depth_of_another_unit_is_millimetres(tmp_path: Path) -> None:
    """As a D405 measures it: 0.1 mm."""
    near = (shot(n) for n in range(45))
    tenth = (each._replace(depth_mm=each.depth_mm * 10) for each in near)
    path = record(tmp_path / "tenth.db3", tenth, unit_m=0.0001)
    frame = frames_of(camera_of(recording=str(path)), 5.0, enough=5)[-1]
    assert frame.depth_mm is not None
    assert np.median(frame.depth_mm[300:380]) == FAR_MM


def test_its_calibration_is_the_devices_own_from_the_corner_of_the_picture(recording: Path) -> None:
    with camera_of(recording=str(recording)) as camera:
        known: Camera = camera.calibration
    wanted = [[COLOUR_F, 0, COLOUR_C[0] + 0.5], [0, COLOUR_F, COLOUR_C[1] + 0.5], [0, 0, 1]]
    np.testing.assert_allclose(known.intrinsics, wanted)
    assert not known.calibrated, "nobody said where it is"


def test_where_it_is_is_said_in_its_settings(recording: Path) -> None:
    pose = [[0, -1, 0, 0.4], [-1, 0, 0, 0.1], [0, 0, -1, 0.9], [0, 0, 0, 1]]
    camera = camera_of(recording=str(recording), mount="end_effector", pose=pose)
    with camera:
        known = camera.calibration
    assert known.calibrated
    assert known.mount == "end_effector"
    np.testing.assert_array_equal(known.pose, pose)


@pytest.mark.parametrize(
    "pose",
    [
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
        [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [0, 0, 0, 1]],
    ],
)
def test_a_pose_that_is_none_is_refused(pose: JsonValue) -> None:
    with pytest.raises(Exception, match=r"pose.*must be four rows of a rigid pose"):
        camera_of(pose=pose)


def test_where_a_recording_begins_anew_the_count_and_both_clocks_go_on(tmp_path: Path) -> None:
    path = record(tmp_path / "short.db3", map(shot, range(30)))
    frames = frames_of(camera_of(depth=False, recording=str(path)), 20.0, enough=45)
    for times in (
        [frame.number for frame in frames],
        [frame.time_ns for frame in frames],
        [frame.device_time_ns for frame in frames],
    ):
        assert times == sorted(set(times))
    assert frames[-1].number > 40, "it has only 30"


def test_a_camera_that_falls_silent_is_opened_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A recording then begins anew; left alone, it would go on."""
    shots = [shot(n, after_s=4.0 if n == 29 else 1 / FPS) for n in range(60)]
    path = record(tmp_path / "hole.db3", shots)
    frames: list[Frame] = []
    end = time.monotonic() + 20.0
    with camera_of(depth=False, recording=str(path)) as camera:
        camera.stream(frames.append)
        while "Camera front is back" not in caplog.text and time.monotonic() < end:
            wait()
    assert "Camera front is silent" in caplog.text
    assert "Camera front is back" in caplog.text
    marks = [int(np.argmax(frame.image[410, :, 0] > 150)) for frame in frames]
    assert marks[-1] < marks[-2], "from its beginning"
    assert [frame.number for frame in frames] == sorted({frame.number for frame in frames})


class TestJpeg:
    """Pictures that the camera compressed are recorded as they came."""

    def test_it_keeps_the_contract(self, compressed: Path) -> None:
        with camera_of(jpeg=True, recording=str(compressed)) as camera:
            check_camera(camera, CameraShape(WIDTH, HEIGHT, FPS, jpeg=True), wait)

    def test_every_one_is_bit_for_bit_what_the_camera_gave(self, compressed: Path) -> None:
        came = {
            frame.jpeg
            for frame in frames_of(camera_of(jpeg=True, recording=str(compressed)), 5.0, 20)
        }
        assert len(came) > 10
        assert came <= {encode_jpeg(shot(number).colour) for number in range(60)}

    def test_a_camera_that_gives_none_is_refused(self, recording: Path) -> None:
        plain = camera_of(jpeg=True, recording=str(recording))
        with pytest.raises(NoRealSense, match="frames a second as JPEG"), plain:
            pass

    def test_a_lens_that_bends_them_is_refused(self, tmp_path: Path) -> None:
        path = record(tmp_path / "bent.db3", map(shot, range(10)), bent=BENT, jpeg=True)
        bent = camera_of(jpeg=True, recording=str(path))
        with pytest.raises(NoRealSense, match="leave `jpeg` out"), bent:
            pass


class TestRefusals:
    def test_no_camera(self) -> None:
        if connected():
            pytest.skip("a RealSense is plugged in")
        with pytest.raises(NoRealSense, match="No RealSense is plugged in"), camera_of():
            pass

    def test_no_recording(self, tmp_path: Path) -> None:
        missing = camera_of(recording=str(tmp_path / "none.db3"))
        with pytest.raises(NoRealSense, match="There is no recording"), missing:
            pass

    @pytest.mark.parametrize("name", ["text.db3", "text.bag"])
    def test_what_is_no_recording(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("no recording")
        with pytest.raises(NoRealSense, match=name), camera_of(recording=str(tmp_path / name)):
            pass

    def test_a_size_that_it_does_not_have(self, recording: Path) -> None:
        wider = camera_of(width=848, recording=str(recording))
        with pytest.raises(NoRealSense, match="848×480 at 30 frames a second with depth"), wider:
            pass

    def test_set_up_says_so_in_words(self) -> None:
        if connected():
            pytest.skip("a RealSense is plugged in")
        from teachloop.recorder.devices.settings import ProcessSettings

        device = CameraSettings(driver="realsense", settings={"serial": "123"})
        result = trial(ProcessSettings(control_rate_hz=20, cameras={"front": device}))
        assert not result.ok
        assert "No RealSense is plugged in" in result.text


class TestOrder:
    """Numbers and device times go up, whatever the camera says."""

    STEP = 33_000_000

    def passed(self, said: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
        order = Order("front")
        found = [order.next(*each) for each in said]
        return [each for each in found if each is not None]

    def test_a_frame_that_comes_twice_counts_once(self) -> None:
        """As one does to which two pictures of depth belong."""
        said = [(n, n * self.STEP, n * self.STEP) for n in (1, 2, 2, 3)]
        assert [number for number, _ in self.passed(said)] == [1, 2, 3]

    def test_what_is_in_order_stays_as_it_is_and_gaps_stay_gaps(self) -> None:
        said = [(n, n * self.STEP, 10**15 + n * self.STEP) for n in (3, 4, 7, 8)]
        assert self.passed(said) == [(n, device) for n, device, _ in said]

    @pytest.mark.parametrize("years", [50, -50])
    def test_a_clock_that_leaps_goes_on_by_the_hosts(self, years: int) -> None:
        leap = years * 365 * 86_400 * 10**9
        said = [(n, n * self.STEP + (leap if n > 2 else 0), n * self.STEP + 9) for n in range(1, 6)]
        found = self.passed(said)
        assert [number for number, _ in found] == [1, 2, 3, 4, 5]
        assert np.diff([device for _, device in found]).tolist() == [self.STEP] * 4

    def test_a_camera_that_begins_anew_goes_on_counting(self) -> None:
        said = [(8, 8 * self.STEP, 0), (1, self.STEP, 10**9), (2, 2 * self.STEP, 10**9 + self.STEP)]
        found = self.passed(said)
        assert [number for number, _ in found] == [8, 9, 10]
        assert found[2][1] - found[1][1] == self.STEP


class TestLens:
    """Against librealsense's own projection, and OpenCV's."""

    RAYS = np.random.default_rng(0).uniform([-0.5, -0.4], [0.5, 0.4], (40, 2))

    def intrinsics(self, model: object) -> object:
        known = rs.intrinsics()
        known.width, known.height, known.fx, known.fy = WIDTH, HEIGHT, COLOUR_F, COLOUR_F
        known.ppx, known.ppy = COLOUR_C
        known.model, known.coeffs = model, list(BENT)
        return known

    @pytest.mark.parametrize(
        ("model", "lands"),
        [
            ("brown_conrady", brown_conrady),
            ("modified_brown_conrady", modified_brown_conrady),
            ("inverse_brown_conrady", modified_brown_conrady),
        ],
    )
    def test_a_ray_lands_where_librealsense_says(
        self, model: str, lands: Callable[..., tuple[NDArray, NDArray]]
    ) -> None:
        known = self.intrinsics(getattr(rs.distortion, model))
        x, y = lands(*self.RAYS.T, np.array(BENT))
        found = np.stack([x * COLOUR_F + COLOUR_C[0], y * COLOUR_F + COLOUR_C[1]], 1)
        wanted = [rs.rs2_project_point_to_pixel(known, [*ray, 1.0]) for ray in self.RAYS]
        np.testing.assert_allclose(found, wanted, atol=0.01)

    def test_the_pictures_of_a_bent_lens_are_straight(self, tmp_path: Path) -> None:
        """Dots where OpenCV says that such a lens shows them are where a pinhole shows them."""
        straight = np.array([[x, y] for x in (-0.3, 0.0, 0.3) for y in (-0.25, 0.0, 0.25)])
        matrix = np.array([[COLOUR_F, 0, COLOUR_C[0]], [0, COLOUR_F, COLOUR_C[1]], [0, 0, 1]])
        points = np.c_[straight, np.ones(len(straight))]
        bent, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), matrix, np.array(BENT))
        colour = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for x, y in bent[:, 0]:
            cv2.circle(colour, (round(float(x)), round(float(y))), 4, (255, 255, 255), -1)
        depth = np.full((HEIGHT, WIDTH), FAR_MM, np.uint16)
        path = record(
            tmp_path / "bent.db3", [Shot(colour, depth)] * 45, rs.distortion.brown_conrady, BENT
        )
        frame = frames_of(camera_of(depth=False, recording=str(path)), 5.0, enough=3)[-1]
        for x, y in straight * COLOUR_F + COLOUR_C:
            row, column = round(y), round(x)
            around = frame.image[row - 8 : row + 9, column - 8 : column + 9, 0] > 127
            middle = np.argwhere(around).mean(0) - 8 + [row, column]
            assert np.hypot(*(middle - [y, x])) < 1.0
