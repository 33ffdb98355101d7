"""Words are put right in one change of a take, taken back as long as nobody went on from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page

from teachloop.datasets.errors import NoSuchRevision
from teachloop.datasets.labels.edits import (
    Segment,
    SetMask,
    SetObjects,
    SetParaphrases,
    SetSegments,
)
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.labeler.errors import ChangedSince

RECORDED = "push the red square to the right"


def mask(frame: int, name: str, source: MaskSource, sure: float = 1.0, size: int = 5) -> SetMask:
    drawn = np.zeros((SIDE, SIDE))
    drawn[:size, :size] = 1
    record = MaskRecord(rle=encode(drawn), source=source, confidence=sure)
    return SetMask("front", frame, name, record)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    edits = [
        SetObjects((ObjectLabel("sqare", True), ObjectLabel("Square"), ObjectLabel("bin"))),
        SetParaphrases(("Sqare to the right", "sqares stay")),
        SetSegments((Segment(0, 5, "reach the sqare"), Segment(5, 9, ""))),
        mask(0, "sqare", MaskSource.HUMAN, size=5),
        mask(0, "Square", MaskSource.PROPAGATED, size=6),
        mask(1, "sqare", MaskSource.PROPAGATED, 0.5, size=5),
        mask(1, "Square", MaskSource.PROPAGATED, 0.9, size=6),
        mask(2, "sqare", MaskSource.PROPAGATED, size=5),
        mask(3, "bin", MaskSource.HUMAN),
    ]
    Labels.open(tmp_path / "takes" / "one").apply(edits, 0, "Ada")
    page = Page(tmp_path)
    page.folder = tmp_path / "takes" / "one"  # type: ignore[attr-defined]
    yield page
    page.service.close()


def said(page: Page) -> Snapshot:
    return Labels.open(page.folder).snapshot  # type: ignore[attr-defined]


def reword(page: Page, **remedy: Any) -> Any:
    return page.act("reword", author="Grace", remedy=remedy)


def test_a_word_is_spelled_anew_in_every_text_and_keeps_its_capitals(page: Page) -> None:
    reword(page, kind="respell", old="sqare", new="square")
    now = said(page)
    assert now.paraphrases == ("Square to the right", "sqares stay"), "that is another word"
    assert [part.text for part in now.segments] == ["reach the square", ""]
    assert [label.name for label in now.objects] == ["square", "Square", "bin"]
    assert ("front", 2, "square") in now.masks
    assert now.instruction is None, "it had nothing of it"


def test_the_recorded_instruction_is_written_anew_as_well(page: Page) -> None:
    reword(page, kind="rewrite", old=RECORDED, new="push it")
    assert said(page).instruction == "push it"
    before = said(page).revision
    reword(page, kind="rewrite", old=RECORDED, new="push it")
    assert said(page).revision == before, "nothing is left to be put right"


def test_two_objects_that_are_one_keep_the_better_mask_of_each_frame(page: Page) -> None:
    reword(page, kind="rename", old="sqare", new="Square")
    now = said(page)
    assert now.objects == (ObjectLabel("Square", True), ObjectLabel("bin", False))
    sizes = {place: record.rle for place, record in now.masks.items()}
    drawn, sure = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    drawn[:5, :5] = sure[:6, :6] = 1
    assert sizes["front", 0, "Square"] == encode(drawn), "the one that a person drew"
    assert sizes["front", 1, "Square"] == encode(sure), "the surer one"
    assert sizes["front", 2, "Square"] == encode(drawn), "the only one"
    assert not [place for place in sizes if place[2] == "sqare"]
    assert ("front", 3, "bin") in now.masks


def test_a_target_is_chosen_and_sub_tasks_are_named(page: Page) -> None:
    reword(page, kind="aim", object="bin")
    reword(page, kind="subtasks", names=["approach", "lift"])
    now = said(page)
    assert now.targets == ("bin",), "an instruction is about one"
    assert [part.text for part in now.segments] == ["reach the sqare", "lift"]


@pytest.mark.parametrize(
    "remedy",
    [
        {"kind": "respell", "old": "sqare", "new": "square"},
        {"kind": "rename", "old": "sqare", "new": "Square"},
        {"kind": "rename", "old": "sqare", "new": "thing"},
        {"kind": "rewrite", "old": RECORDED, "new": "push it"},
    ],
    ids=lambda remedy: f"{remedy['kind']} {remedy['new']}",
)
def test_what_was_reworded_is_taken_back_whole_however_often_others_wrote_elsewhere(
    page: Page, remedy: dict[str, Any]
) -> None:
    before = said(page)
    revision = reword(page, **remedy).revision
    page.act("success", author="Ada", success=True)
    page.act("revert", author="Grace", revision=revision)
    now = said(page)
    for name in ("instruction", "paraphrases", "objects", "segments", "masks", "prompts"):
        assert getattr(now, name) == getattr(before, name), name
    assert now.success is True


def test_what_somebody_went_on_from_is_not_taken_back(page: Page) -> None:
    revision = reword(page, kind="rename", old="sqare", new="Square").revision
    page.act("click", author="Ada", camera="front", frame=0, object="Square", x=9, y=9)
    before = said(page)
    with pytest.raises(ChangedSince, match="somebody went on from there"):
        page.act("revert", author="Grace", revision=revision)
    with pytest.raises(ChangedSince):
        page.act("revert", author="Ada", revision=revision)
    for none in (0, 99):
        with pytest.raises(NoSuchRevision):
            page.act("revert", author="Grace", revision=none)
    assert said(page) == before
