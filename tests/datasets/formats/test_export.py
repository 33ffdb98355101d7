"""Masks that were exported are read back, by readers of others, as the take's."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from drawn_takes import SIDE, draw_take
from PIL import Image
from pycocotools.coco import COCO

from teachloop.datasets.formats.export import (
    AlreadyThere,
    Exported,
    NothingToExport,
    export_masks,
)
from teachloop.datasets.formats.format_names import MaskFormat
from teachloop.datasets.labels.edits import SetDeleted, SetMask, SetObjects, SetSynonyms
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, decode, encode
from teachloop.datasets.takes.reader import Take

Place = tuple[str, str, int, str]  # take, camera, frame, object
Masks = dict[Place, np.ndarray]
CUP, BIN = "rote Tasse ☕", "bin"
FORMATS: tuple[MaskFormat, ...] = ("coco", "yolo", "png")


def say(data: Path, take: str, *edits: Any) -> None:
    labels = Labels.open(data / "takes" / take)
    labels.apply(edits, labels.revision, "Ada")


def mask(place: tuple[str, int, str], drawn: np.ndarray, **how: Any) -> SetMask:
    record = {"source": MaskSource.HUMAN, "confidence": 1.0, **how}
    return SetMask(*place, MaskRecord(rle=encode(drawn), **record))


def blob(seed: int) -> np.ndarray:
    """A part with a hole, of no simple shape."""
    noise = np.random.default_rng(seed).random((SIDE, SIDE)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 4) > 0.5
    _, parts, stats, _ = cv2.connectedComponentsWithStats(smooth.astype(np.uint8), connectivity=8)
    return parts == 1 + int(stats[1:, 4].argmax())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two takes of two objects: overlapping, hidden, of which nothing is said, and a single
    pixel."""
    for name in ("one", "two"):
        draw_take(tmp_path, name, labeled=False)
        say(tmp_path, name, SetObjects((ObjectLabel(CUP, True), ObjectLabel(BIN))))
    empty, point = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    point[7, 9] = 1
    say(
        tmp_path, "one",
        mask(("front", 0, CUP), blob(1)), mask(("front", 0, BIN), blob(2)),
        mask(("front", 3, CUP), point, source=MaskSource.PROPAGATED, confidence=0.4),
        mask(("front", 3, BIN), empty),
        mask(("wrist", 19, CUP), empty), mask(("wrist", 19, BIN), empty, locked=True),
    )  # fmt: skip
    say(tmp_path, "two", mask(("wrist", 5, CUP), blob(3)))
    return tmp_path


def export(data: Path, form: MaskFormat, *takes: str) -> tuple[Path, Exported]:
    folder = data / "out" / form
    return folder, export_masks(data, takes, form, folder, lambda take, frames: None)


def said(data: Path, *takes: str) -> Masks:
    """The masks of takes in which anything is seen."""
    found: Masks = {}
    for take in takes:
        masks = Labels.open(data / "takes" / take).snapshot.masks
        for (camera, frame, name), record in masks.items():
            if (drawn := decode(record.rle)).any():
                found[take, camera, frame, name] = drawn
    return found


def read_coco(folder: Path) -> Masks:
    coco: Any = COCO(folder / "annotations" / "instances.json")
    found: Masks = {}
    for each in coco.loadAnns(coco.getAnnIds()):
        (image,) = coco.loadImgs(each["image_id"])
        (category,) = coco.loadCats(each["category_id"])
        drawn = coco.annToMask(each).astype(bool)
        assert each["area"] == drawn.sum()
        rows, columns = np.nonzero(drawn)
        box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
        assert each["bbox"] == box
        found[image["take"], image["camera"], image["frame"], category["name"]] = drawn
    return found


def read_yolo(folder: Path) -> Masks:
    """As Ultralytics fills polygons: shares of the size, cut to whole pixels."""
    names = yaml.safe_load((folder / "data.yaml").read_text("utf-8"))["names"]
    found: Masks = {}
    for text in (folder / "labels").rglob("*.txt"):
        take, camera, frame = text.relative_to(folder / "labels").with_suffix("").parts
        for line in text.read_text().splitlines():
            number, *shares = line.split()
            corners = np.array(shares, float).reshape(-1, 2) * SIDE
            drawn = np.zeros((SIDE, SIDE), np.uint8)
            cv2.fillPoly(drawn, [corners.astype(np.int32)], [1])
            found[take, camera, int(frame), names[int(number)]] = drawn.astype(bool)
    return found


def read_png(folder: Path) -> Masks:
    legend = json.loads((folder / "legend.json").read_text("utf-8"))
    found: Masks = {}
    for name, about in legend["pictures"].items():
        picture = Image.open(folder / name)
        assert picture.mode == "P"
        indices = np.array(picture)
        for place, objects in legend["objects"].items():
            for each in objects:
                key = about["take"], about["camera"], about["frame"], each
                found[key] = found.get(key, False) | (indices == int(place))
    return {place: drawn for place, drawn in found.items() if drawn.any()}


@pytest.mark.parametrize(
    ("form", "read"), [("coco", read_coco), ("yolo", read_yolo), ("png", read_png)]
)
def test_masks_are_read_back_as_the_take_s(data: Path, form: MaskFormat, read: Any) -> None:
    folder, _ = export(data, form, "one", "two")
    wanted, found = said(data, "one", "two"), read(folder)
    assert found.keys() == wanted.keys()
    for place, drawn in wanted.items():
        assert np.array_equal(found[place], drawn), place


@pytest.mark.parametrize("form", FORMATS)
def test_pictures_are_the_recorded_ones_of_frames_with_masks_alone(
    data: Path, form: MaskFormat
) -> None:
    folder, done = export(data, form, "one")
    with Take.open(data / "takes" / "one") as take:
        recorded = {take.jpeg("front", 0), take.jpeg("front", 3), take.jpeg("wrist", 19)}
    files = list((folder / "images").rglob("*.jpg"))
    assert {path.read_bytes() for path in files} == recorded
    assert (len(files), done.frames, done.masks) == (3, 3, 3)


def test_coco_lists_what_is_not_to_be_seen_as_negative_and_says_who_said_so(data: Path) -> None:
    folder, _ = export(data, "coco", "one")
    coco: Any = COCO(folder / "annotations" / "instances.json")
    numbers = {each["name"]: each["id"] for each in coco.loadCats(coco.getCatIds())}
    images = {(each["camera"], each["frame"]): each for each in coco.imgs.values()}
    assert images["front", 0]["neg_category_ids"] == []
    assert images["front", 3]["neg_category_ids"] == [numbers[BIN]]
    hidden = {each["category_id"]: each for each in images["wrist", 19]["absent"]}
    assert hidden[numbers[BIN]]["locked"] is True
    assert hidden[numbers[CUP]]["source"] == "human"
    (propagated,) = coco.imgToAnns[images["front", 3]["id"]]
    assert propagated["attributes"] == {"source": "propagated", "confidence": 0.4, "locked": False}


def test_categories_have_the_synonyms_of_all_takes(data: Path) -> None:
    say(data, "one", SetSynonyms(CUP, ("Becher",)), SetSynonyms("absent", ("nobody",)))
    say(data, "two", SetSynonyms(CUP, ("mug", "Becher")))
    folder, _ = export(data, "coco", "one", "two")
    coco: Any = COCO(folder / "annotations" / "instances.json")
    called = {each["name"]: each["synonyms"] for each in coco.loadCats(coco.getCatIds())}
    assert called == {CUP: [CUP, "Becher", "mug"], BIN: [BIN]}, "as in LVIS, the name first"
    for form, file, key in (
        ("yolo", "provenance.json", "images/one/front/000003.jpg"),
        ("png", "legend.json", "masks/one/front/000003.png"),
    ):
        folder, _ = export(data, form, "one")  # type: ignore[arg-type]
        content = json.loads((folder / file).read_text("utf-8"))
        assert content.get("pictures", content)[key]["synonyms"] == {CUP: ["Becher"]}


def test_yolo_leaves_out_frames_in_which_an_object_would_pass_for_background(data: Path) -> None:
    say(data, "two", mask(("wrist", 6, BIN), blob(4)))
    folder, done = export(data, "yolo", "one", "two")
    assert done.incomplete == 2
    assert {path.name for path in (folder / "labels").iterdir()} == {"one"}
    assert (folder / "labels/one/wrist/000019.txt").read_text() == ""
    origins = json.loads((folder / "provenance.json").read_text())
    assert origins["images/one/front/000003.jpg"]["masks"][CUP]["confidence"] == 0.4
    assert set(origins["images/one/wrist/000019.jpg"]["absent"]) == {CUP, BIN}


def test_yolo_holds_whole_takes_out_for_validation(data: Path) -> None:
    folder, _ = export(data, "yolo", "one", "two")
    for name, take in (("train", "one"), ("val", "two")):
        listed = yaml.safe_load((folder / "data.yaml").read_text("utf-8"))[name]
        files = (folder / listed).read_text().split()
        assert {Path(file).parts[1] for file in files} == {take}
        assert all((folder / file).is_file() for file in files)


def test_parts_of_a_mask_stay_one_polygon_joined_by_lines_of_one_pixel(data: Path) -> None:
    drawn = np.zeros((SIDE, SIDE), bool)
    drawn[10:20, 10:20] = drawn[10:20, 30:40] = drawn[40, 40] = True
    say(data, "two", mask(("wrist", 5, CUP), drawn))
    folder, _ = export(data, "yolo", "two")
    (found,) = read_yolo(folder).values()
    assert found[drawn].all()
    assert 0 < (found & ~drawn).sum() <= 10 + 21, "the gaps between the parts, as lines"


def test_the_png_legend_tells_hidden_from_unlabelled(data: Path) -> None:
    folder, _ = export(data, "png", "one", "two")
    pictures = json.loads((folder / "legend.json").read_text("utf-8"))["pictures"]
    assert set(pictures["masks/one/front/000003.png"]["absent"]) == {BIN}
    say(data, "two", mask(("front", 0, BIN), blob(4)))
    folder = data / "out" / "again"
    export_masks(data, ["two"], "png", folder, lambda take, frames: None)
    pictures = json.loads((folder / "legend.json").read_text("utf-8"))["pictures"]
    assert pictures["masks/two/wrist/000005.png"]["unlabelled"] == [BIN]


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_that_is_ended_leaves_nothing(data: Path, form: MaskFormat) -> None:
    def end(take: int, frames: int) -> None:
        if frames:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_masks(data, ["one"], form, data / "out" / "ended", end)
    assert list((data / "out").iterdir()) == []


def test_what_is_there_is_never_written_over(data: Path) -> None:
    (data / "kept").mkdir()
    with pytest.raises(AlreadyThere, match="kept is there already"):
        export_masks(data, ["one"], "coco", data / "kept", lambda take, frames: None)
    assert list((data / "kept").iterdir()) == []


def test_takes_that_cannot_be_exported_are_left_out_with_the_reason(data: Path) -> None:
    draw_take(data, "bare", labeled=False)
    draw_take(data, "binned")
    say(data, "binned", SetDeleted(True))
    draw_take(data, "odd")
    say(data, "odd", mask(("front", 900, "red square"), blob(1)))
    _, done = export(data, "coco", "bare", "binned", "odd", "none", "one")
    assert done.left_out.keys() == {"bare", "binned", "odd", "none"}
    assert "in the bin" in done.left_out["binned"]
    assert "frame 900" in done.left_out["odd"]
    with pytest.raises(NothingToExport, match="bare: It has no mask"):
        export_masks(data, ["bare"], "coco", data / "none", lambda take, frames: None)
    assert not (data / "none").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_no_name_of_a_camera_leads_elsewhere_or_to_another_s_files(
    tmp_path: Path, form: MaskFormat
) -> None:
    cameras = ("..", "cam.left", "cam%2Eleft", "a_b")
    draw_take(tmp_path, "one", cameras=cameras)
    folder = tmp_path / "out" / "set"
    done = export_masks(tmp_path, ["one"], form, folder, lambda take, frames: None)
    files = list((folder / "images").rglob("*.jpg"))
    assert len(files) == done.frames == 20 * len(cameras)
    assert list((tmp_path / "out").iterdir()) == [folder]
