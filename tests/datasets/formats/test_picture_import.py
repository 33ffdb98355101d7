"""Pictures without a robot become takes: all of a set or none of it, hostile ones in words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import draw_take
from PIL import Image

from teachloop.datasets.formats.export import export_masks
from teachloop.datasets.formats.picture_takes import CAMERA, Imported, import_pictures
from teachloop.datasets.formats.pictures import NoSuchSet, WrongPicture
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskSource, decode
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.staging import remove_left
from teachloop.runtime.errors import TeachloopError

SIZE = (30, 40)  # height, width


def draw(path: Path, colour: tuple[int, int, int] = (200, 40, 40), size: Any = SIZE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((*size, 3), colour, np.uint8)).save(path)
    return path


def coco(folder: Path, **changes: Any) -> Path:
    """A file about one picture, with whatever is to be different."""
    draw(folder / "images" / "one.png")
    image = {"id": 7, "file_name": "one.png", "height": SIZE[0], "width": SIZE[1]}
    content = {
        "images": [{**image, **changes.pop("image", {})}],
        "annotations": [{"image_id": 7, "category_id": 3, **each}
                        for each in changes.pop("annotations", [])],
        "categories": [{"id": 3, "name": "cup"}],
        **changes,
    }  # fmt: skip
    path = folder / "instances.json"
    path.write_text(json.dumps(content))
    return path


def imported(data: Path, source: Path) -> Imported:
    return import_pictures(data, source, "Ada", lambda written, pictures: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_pictures_with_the_same_words_are_one_sound_take(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    for name, colour in (("a.png", (200, 40, 40)), ("b.jpg", (40, 200, 40)), ("c.webp", (1, 2, 3))):
        draw(folder / name, colour)
    draw(folder / "large.png", size=(60, 80))
    (folder / "c.txt").write_text("pick up  the cup\n\ngrasp the cup\n")
    done = imported(data, folder)
    assert (len(done.takes), done.pictures, done.masks) == (3, 4, 0)
    with Take.open(data / "takes" / done.takes[0]) as take:
        assert take.info.kind == "pictures"
        assert len(take.frames[CAMERA]) == 2
        assert np.abs(take.image(CAMERA, 1).astype(int) - (40, 200, 40)).max() < 6
    with Take.open(data / "takes" / done.takes[1]) as take:
        assert take.info.instruction == "pick up the cup"
    assert Labels.open(data / "takes" / done.takes[1]).snapshot.paraphrases == ("grasp the cup",)
    assert check(data) == []


def test_a_picture_stands_upright_as_its_exif_says(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    pixels = np.zeros((*SIZE, 3), np.uint8)
    pixels[:, :20] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter, clockwise
    Image.fromarray(pixels).save(folder / "a.jpg", exif=exif, quality=95)
    (take_id,) = imported(data, folder).takes
    with Take.open(data / "takes" / take_id) as take:
        image = take.image(CAMERA, 0)
    assert image.shape[:2] == SIZE[::-1]
    assert image[:15].min() > 200 > 60 > image[25:].max()


def test_coco_masks_boxes_captions_and_negatives_are_kept(data: Path, tmp_path: Path) -> None:
    square = [[10, 5, 20, 5, 20, 15, 10, 15]]
    runs = {"size": list(SIZE), "counts": [0, 30, 1170]}  # the first column
    source = coco(
        tmp_path / "set",
        image={"neg_category_ids": [4]},
        annotations=[
            {"segmentation": square, "bbox": [10, 5, 10, 10]},
            {"segmentation": runs, "attributes": {"source": "model", "confidence": 0.5}},
            {"bbox": [30, 20, 50, 5]},
            {"category_id": None, "caption": "take the cup"},
        ],
        categories=[{"id": 3, "name": "cup"}, {"id": 4, "name": "bin"}],
    )
    (take_id,) = imported(data, source).takes
    said = Labels.open(data / "takes" / take_id).snapshot
    assert [label.name for label in said.objects] == ["cup", "cup 2", "bin", "cup 3"]
    assert said.targets == ("cup",), "the caption names it"
    wanted = np.zeros(SIZE, bool)
    wanted[5:15, 10:20] = True
    assert np.array_equal(decode(said.masks[CAMERA, 0, "cup"].rle), wanted)
    second = said.masks[CAMERA, 0, "cup 2"]
    assert decode(second.rle)[:, 0].all()
    assert not decode(second.rle)[:, 1:].any()
    assert (second.source, second.confidence) == (MaskSource.MODEL, 0.5)
    assert said.masks[CAMERA, 0, "bin"].hidden
    (box,) = said.prompts
    assert (box.object, box.kind, box.values) == ("cup 3", "box", (30, 20, 40, 25))
    with Take.open(data / "takes" / take_id) as take:
        assert take.info.instruction == "take the cup"


def test_synonyms_of_categories_are_kept_unless_another_object_is_called_so(
    data: Path, tmp_path: Path
) -> None:
    everywhere = [{"category_id": number, "bbox": [0, 0, 9, 9]} for number in (3, 4)]
    source = coco(
        tmp_path / "set",
        image={"instruction": "take the  red mug"},
        annotations=everywhere,
        categories=[
            {"id": 3, "name": "cup", "synonyms": ["cup", "mug ", "bin", "pot"]},
            {"id": 4, "name": "bin", "synonyms": ["pot", "basket"]},
        ],
    )
    (take_id,) = imported(data, source).takes
    said = Labels.open(data / "takes" / take_id).snapshot
    assert said.synonyms == {"cup": ("mug", "pot"), "bin": ("basket",)}
    assert said.targets == ("cup",), "the instruction names it"


def test_what_we_export_comes_in_again_as_it_was(data: Path, tmp_path: Path) -> None:
    draw_take(tmp_path, "one")
    export_masks(tmp_path, ["one"], "coco", tmp_path / "out", lambda take, frames: None)
    (take_id,) = imported(data, tmp_path / "out" / "annotations" / "instances.json").takes
    before = Labels.open(tmp_path / "takes" / "one").snapshot
    after = Labels.open(data / "takes" / take_id).snapshot
    places = [(camera, frame) for camera in ("front", "wrist") for frame in range(20)]
    for number, (camera, frame) in enumerate(places):
        place = camera, frame, "red square"
        assert after.masks[CAMERA, number, "red square"] == before.masks[place]
    assert after.targets == before.targets


OUTSIDE = "it leads out of the folder"
HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "no file": ({"image": {"file_name": "two.png"}}, "no such file"),
    "another size": ({"image": {"height": 31}}, r"\(30, 40\) pixels, not \(31, 40\)"),
    "a huge size": ({"image": {"height": 10**9}}, "height must be"),
    "a path upwards": ({"image": {"file_name": "../../secret.png"}}, OUTSIDE),
    "an absolute path": ({"image": {"file_name": "/etc/passwd"}}, OUTSIDE),
    "a link that leads out": ({"image": {"file_name": "link.png"}}, OUTSIDE),
    "a null in a name": ({"image": {"file_name": "a\0b.png"}}, "no name of a file|no such file"),
    "a text": ({"image": {"file_name": "text.png"}}, "it is no picture"),
    "cut short": ({"image": {"file_name": "cut.png"}}, "cannot be decoded"),
    "runs that are too few": (
        {"annotations": [{"segmentation": {"size": [30, 40], "counts": [3, 4]}}]}, "do not fill"),
    "runs of another size": (
        {"annotations": [{"segmentation": {"size": [40, 30], "counts": [1200]}}]}, "30 × 40"),
    "runs that are no text of ours": (
        {"annotations": [{"segmentation": {"size": [30, 40], "counts": "zzzz~"}}]}, "Run lengths"),
    "negative runs": (
        {"annotations": [{"segmentation": {"size": [30, 40], "counts": [-1, 1201]}}]}, "counts"),
    "a polygon far away": (
        {"annotations": [{"segmentation": [[0, 0, 1e9, 0, 1e9, 1e9]]}]}, "within the picture"),
    "half a corner": ({"annotations": [{"segmentation": [[0, 0, 5, 0, 5, 5, 0]]}]}, "polygon"),
    "no polygon": ({"annotations": [{"segmentation": []}]}, "No polygon"),
    "a box of nothing": ({"annotations": [{"bbox": [50, 0, 5, 5]}]}, "a box holds nothing"),
    "no such category": ({"annotations": [{"category_id": 9, "bbox": [1, 1, 5, 5]}]}, "category 9"),
    "no such image": ({"annotations": [{"image_id": 9}]}, "image 9, which is not listed"),
    "no image": ({"images": []}, "lists no image"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_meant_is_refused_in_words_and_nothing_is_imported(
    data: Path, tmp_path: Path, case: str
) -> None:
    changes, words = HOSTILE[case]
    images = tmp_path / "set" / "images"
    draw(tmp_path / "secret.png")
    whole = draw(images / "cut.png").read_bytes()
    (images / "cut.png").write_bytes(whole[: len(whole) - 30])
    (images / "text.png").write_text("no picture")
    (images / "link.png").symlink_to(tmp_path / "secret.png")
    source = coco(tmp_path / "set", **{**changes})
    with pytest.raises(TeachloopError, match=words):
        imported(data, source)
    assert list(data.rglob("*.h5")) == []


def test_a_header_that_claims_billions_of_pixels_is_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    large = Image.new("1", (9000, 9000))
    large.save(folder / "large.png")
    with pytest.raises(WrongPicture, match="too many"):
        imported(data, folder)


@pytest.mark.parametrize("what", ["missing", "empty", "text.json", "list.json"])
def test_a_source_that_is_none_is_refused(data: Path, tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(NoSuchSet):
        imported(data, tmp_path / what)


def test_an_import_that_is_ended_leaves_nothing(data: Path, tmp_path: Path) -> None:
    for name in "abc":
        draw(tmp_path / "set" / f"{name}.png")
        (tmp_path / "set" / f"{name}.txt").write_text(name)

    def end(written: int, pictures: int) -> None:
        if written == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_pictures(data, tmp_path / "set", "Ada", end)
    assert list((data / "takes").iterdir()) == []


def test_an_import_of_takes_beside_it_does_it_no_harm(data: Path, tmp_path: Path) -> None:
    draw(tmp_path / "set" / "a.png")

    def beside(written: int, pictures: int) -> None:
        remove_left(data / "takes")

    done = import_pictures(data, tmp_path / "set", "Ada", beside)
    assert [path.name for path in (data / "takes").iterdir()] == [*done.takes]
