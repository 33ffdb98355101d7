"""Labels that cannot be of their take are refused where they are appended, or named by `check`."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.errors import LabelsDamaged, LabelsUnreadable, WrongLabel
from teachloop.datasets.labels import edits as e
from teachloop.datasets.labels.edit_json import edit_to_json
from teachloop.datasets.labels.edit_log import CHECKSUM
from teachloop.datasets.labels.label_values import ObjectLabel, Prompt
from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.takes.check import check


def mask(height: int = 24, width: int = 32, confidence: Any = 0.5) -> MaskRecord:
    rle = encode(np.ones((height, width)))
    return MaskRecord(rle=rle, source=MaskSource.HUMAN, confidence=confidence)


def click(**fields: Any) -> Prompt:
    values = {"camera": "front", "frame": 0, "object": "cube", "kind": "point", "values": (1, 2)}
    return Prompt(**{**values, **fields})


def said(recording, *edits: e.Edit) -> str:
    """What `check` says about a take of four frames of which this was said."""
    folder: Path = recording.take(4).parent
    Labels.open(folder).apply(edits, 0, "Ada")
    return "\n".join(str(fault) for fault in check(folder))


def write_edit(folder: Path, edit: dict[str, Any]) -> None:
    """A line of the log with a right checksum, as a wrong program would write it."""
    values = {"revision": 1, "base": 0, "author": "Ada", "time": "", "edits": [edit]}
    text = json.dumps(values).encode()[:-1]
    (folder / "labels").mkdir(exist_ok=True)
    line = text + CHECKSUM + b'%08x"}\n' % zlib.crc32(text)
    (folder / "labels" / LOG).write_bytes(line)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (e.SetMask("front", 0, "cube", mask(32, 32)), "32 × 32 pixels, not 32 × 24"),
        (e.SetMask("top", 0, "cube", mask()), "no camera 'top', only front, wrist"),
        (e.SetMask("front", 4, "cube", mask()), "'front' has 4 frames, no frame 4"),
        (e.AddPrompt(click(camera="top")), "no camera 'top'"),
        (e.AddPrompt(click(frame=4)), "no frame 4"),
    ],
)
def test_a_label_of_another_take_is_named(recording, edit: e.Edit, words: str) -> None:
    assert words in said(recording, edit)


def test_labels_of_the_take_have_no_fault(recording) -> None:
    assert said(recording, e.SetMask("wrist", 3, "cube", mask()), e.AddPrompt(click())) == ""


@pytest.mark.parametrize("confidence", [float("nan"), -0.1, 1.1, float("inf"), "0.5", None, True])
def test_a_confidence_outside_0_to_1_is_refused(confidence: Any) -> None:
    with pytest.raises(WrongLabel, match="confidence"):
        mask(confidence=confidence)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: e.SetMask("front", -1, "cube", mask()), "frame"),
        (lambda: e.SetMask("front", 0, 5, mask()), "object"),  # type: ignore[arg-type]
        (lambda: ObjectLabel(5), "name"),  # type: ignore[arg-type]
        (lambda: ObjectLabel("\ud800"), "name"),
        (lambda: ObjectLabel("cube", 2), "target"),  # type: ignore[arg-type]
        (lambda: click(frame=-1), "frame"),
        (lambda: click(object=5), "object"),
        (lambda: click(kind="line"), "kind"),
        (lambda: click(kind="box"), "values"),
        (lambda: click(values=(float("nan"), 1)), "values"),
        (lambda: click(positive=1), "positive"),
        (lambda: e.Segment(5, 1, "reach"), "end_ns"),
        (lambda: e.SetNote("\ud800"), "note"),
        (lambda: e.SetTags(("good", "\ud800")), "tags"),
    ],
)
def test_a_label_that_cannot_be_meant_is_refused(make: Callable[[], object], name: str) -> None:
    with pytest.raises(WrongLabel, match=f"A label's {name}"):
        make()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frame": -1}, "frame"),
        ({"object": 5}, "object"),
        ({"mask": [24, 32, "00", "human", float("nan"), False]}, "confidence"),
        ({"mask": [24, 32, "00", "human", 7, False]}, "confidence"),
    ],
)
def test_a_wrong_mask_in_the_log_is_named_with_its_line(
    recording, change: dict[str, Any], words: str
) -> None:
    folder = recording.take(2).parent
    write_edit(folder, {**edit_to_json(e.SetMask("front", 0, "cube", mask())), **change})
    (fault,) = check(folder)
    assert "damaged in line 1" in fault.what
    assert words in fault.what
    with pytest.raises(LabelsDamaged, match=words):
        Labels.open(folder)


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "objects", "objects": [{"name": 1, "target": True}]},
        {"kind": "tags", "tags": "good"},
        {"kind": "note", "note": "\ud800"},
    ],
)
def test_a_wrong_edit_in_the_log_is_named(recording, edit: dict[str, Any]) -> None:
    folder = recording.take(2).parent
    write_edit(folder, edit)
    assert "damaged in line 1" in str(check(folder)[0])


def test_a_folder_in_place_of_the_log_is_named(recording) -> None:
    folder = recording.take(2).parent
    (folder / "labels" / LOG).mkdir(parents=True)
    assert "Is a directory" in str(check(folder)[0])
    with pytest.raises(LabelsUnreadable, match="cannot be read"):
        Labels.open(folder)
