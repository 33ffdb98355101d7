"""A segmenter that looks at a frame for long: another answers meanwhile, and its mask follows."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page
from made_up_methods import SIDE as SQUARE
from made_up_methods import Lookers

from teachloop.datasets.labels.edits import SetMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, Rle, area, encode
from teachloop.labeler.errors import StillLooking
from teachloop.labeler.updates import LabelProgress, LabelsChanged, Patch

CLICK: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup", "segmenter": "lookers"}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    Lookers.may_go_on.clear()
    Lookers.looks = 0
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    Lookers.may_go_on.set()
    page.service.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def areas(labels: Patch) -> dict[str, int]:
    return {mask.object: area(Rle(SIDE, SIDE, mask.rle.counts)) for mask in labels.masks}


def test_a_mask_that_is_drawn_on_is_provisional_still(page: Page) -> None:
    place = {name: CLICK[name] for name in ("camera", "frame", "object")}
    page.act("click", **CLICK, x=14.0, y=26.0)
    drawn = page.act("stroke", **place, path=[[50.0, 50.0]], width=4.0, positive=True)
    assert drawn.provisional == [("front", 0, "cup")]
    Lookers.may_go_on.set()
    until(lambda: not page.act("read").provisional)
    assert SQUARE**2 < areas(page.act("read"))["cup"] <= SQUARE**2 + 25, "the stroke is on it"


def test_the_mask_of_the_one_that_was_asked_takes_the_place_of_the_quick_one(page: Page) -> None:
    first = page.act("click", **CLICK, x=14.0, y=26.0)
    assert first.provisional == [("front", 0, "cup")]
    assert areas(first)["cup"] > 2 * SQUARE**2, "the classical one answered at once"
    second = page.act("click", **{**CLICK, "object": "bin"}, x=40.0, y=50.0)
    assert second.provisional == [("front", 0, "bin"), ("front", 0, "cup")]
    before = page.act("read").revision
    Lookers.may_go_on.set()
    until(lambda: not page.act("read").provisional)
    until(lambda: areas(page.act("read")) == {"cup": SQUARE**2, "bin": SQUARE**2})
    labels = page.act("read")
    assert Lookers.looks == 1, "one look serves both"
    assert labels.revision == before + 2
    until(lambda: LabelsChanged(take="one", revision=labels.revision) in page.told)
    third = page.act("click", **CLICK, x=30.0, y=10.0)
    assert not third.provisional
    assert areas(third) == {"cup": 2 * SQUARE**2}


def test_what_is_taken_back_is_the_click(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0, author="Ada")
    Lookers.may_go_on.set()
    until(lambda: areas(page.act("read")) == {"cup": SQUARE**2})
    undone = page.act("undo", author="Ada")
    assert (undone.prompts, undone.can_undo) == ([], False)
    assert page.act("read").masks == []
    page.act("redo", author="Ada")
    assert areas(page.act("read")) == {"cup": SQUARE**2}


def test_what_came_late_comes_back_with_its_click_whatever_was_done_since(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0)
    page.act("instruction", instruction="push it")
    Lookers.may_go_on.set()
    until(lambda: areas(page.act("read")) == {"cup": SQUARE**2})
    page.act("undo")
    page.act("undo")
    assert page.act("read").masks == []
    page.act("redo")
    assert areas(page.act("read")) == {"cup": SQUARE**2}


def test_what_is_not_part_of_a_propagated_mask_is_said_of_the_mask_that_is_there(
    page: Page, tmp_path: Path
) -> None:
    found = np.zeros((SIDE, SIDE), bool)
    found[10:50, 10:50] = True
    record = MaskRecord(rle=encode(found), source=MaskSource.PROPAGATED, confidence=0.5)
    Labels.open(tmp_path / "takes" / "one").apply([SetMask("front", 0, "cup", record)], 0, "test")
    quick = page.act("click", **CLICK, x=45.0, y=45.0, positive=False)
    assert quick.provisional
    Lookers.may_go_on.set()
    until(lambda: not page.act("read").provisional)
    until(lambda: isinstance(page.told[-1], LabelsChanged) and len(page.told) > 1)
    assert areas(page.act("read")) == areas(quick)
    assert not [each for each in page.told if isinstance(each, LabelProgress)], "nothing failed"


def test_a_click_that_was_taken_back_meanwhile_gets_no_mask(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0)
    assert page.act("undo").provisional == []
    Lookers.may_go_on.set()
    until(lambda: len(page.told) == 3)  # the click, the undo, the end of the look
    assert page.act("read").masks == []


def test_a_click_that_is_made_again_after_the_look_gets_its_own_mask(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0)
    page.act("undo")
    Lookers.may_go_on.set()
    until(lambda: len(page.told) == 3)  # the click, the undo, the end of the look
    page.act("redo")
    until(lambda: areas(page.act("read")) == {"cup": SQUARE**2})


def test_the_click_before_the_one_that_is_taken_back_gets_its_own_mask(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0)
    page.act("click", **CLICK, x=30.0, y=10.0)
    Lookers.may_go_on.set()
    until(lambda: areas(page.act("read")) == {"cup": 2 * SQUARE**2})
    page.act("undo")
    until(lambda: areas(page.act("read")) == {"cup": SQUARE**2})
    page.act("redo")
    until(lambda: areas(page.act("read")) == {"cup": 2 * SQUARE**2})


def test_a_locked_mask_stays_as_it_is(page: Page) -> None:
    quick = page.act("click", **CLICK, x=14.0, y=26.0)
    locked = page.act("lock", places=[{"camera": "front", "frame": 0}], locked=True)
    assert locked.provisional == []
    Lookers.may_go_on.set()
    until(lambda: len(page.told) == 3)  # the click, the lock, the end of the look
    assert areas(page.act("read")) == areas(quick)


def test_what_another_segmenter_answered_meanwhile_stays(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0)
    newer = page.act("click", **{**CLICK, "segmenter": "classical"}, x=16.0, y=28.0)
    assert newer.provisional == []
    assert areas(newer)["cup"] > 2 * SQUARE**2
    Lookers.may_go_on.set()
    page.act("click", **{**CLICK, "object": "bin"}, x=40.0, y=50.0)  # its look ends later
    until(lambda: LabelsChanged(take="one", revision=newer.revision + 1) in page.told)
    assert areas(page.act("read")) == {"cup": areas(newer)["cup"], "bin": SQUARE**2}


def test_the_mask_follows_an_object_that_was_renamed_meanwhile(page: Page) -> None:
    page.act("click", **CLICK, x=14.0, y=26.0)
    renamed = page.act("rename", object="cup", name="mug")
    assert renamed.provisional == [("front", 0, "mug")]
    Lookers.may_go_on.set()
    until(lambda: areas(page.act("read")) == {"mug": SQUARE**2})
    assert page.act("read").provisional == []


def test_what_a_lone_click_may_mean_is_told_with_the_mask_that_follows(page: Page) -> None:
    quick = page.act("click", **{**CLICK, "segmenter": "nested-lookers"}, x=14.0, y=26.0)
    assert quick.choice is None
    Lookers.may_go_on.set()
    until(lambda: not page.act("read").provisional)
    until(lambda: len(page.told) == 2)
    told = page.told[-1]
    assert isinstance(told, LabelsChanged)
    assert told.choice is not None
    assert (told.choice.frame, told.choice.chosen, len(told.choice.masks)) == (0, 0, 3)


def test_what_a_click_may_mean_is_not_known_before_the_look_ended(page: Page) -> None:
    nested = {**CLICK, "segmenter": "nested-lookers"}
    page.act("click", **nested, x=14.0, y=26.0)
    with pytest.raises(StillLooking):
        page.act("choose", **nested)
    Lookers.may_go_on.set()
    until(lambda: not page.act("read").provisional)
    assert page.act("choose", **nested).choice is not None


def test_a_mask_is_provisional_until_its_own_is_saved(page: Page) -> None:
    quick = page.act("click", **CLICK, x=14.0, y=26.0)
    Lookers.may_go_on.set()
    until(lambda: not page.act("read").provisional)
    labels = page.act("read")
    assert areas(labels) == {"cup": SQUARE**2}
    assert labels.revision == quick.revision + 1


def test_a_mask_that_cannot_follow_is_said_and_the_quick_one_stays(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = page.act("click", **CLICK, x=14.0, y=26.0)
    monkeypatch.setattr(Lookers, "segment", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    Lookers.may_go_on.set()
    assert page.ended.wait(30)
    (told,) = [each for each in page.told if isinstance(each, LabelProgress)]
    assert told.state == "failed"
    labels = page.act("read")
    assert (labels.provisional, areas(labels)) == ([], areas(quick))


def test_a_look_that_fails_is_said_and_the_quick_mask_stays(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    quick = page.act("click", **{**CLICK, "segmenter": "blind"}, x=14.0, y=26.0)
    assert page.ended.wait(30)
    (told,) = [each for each in page.told if isinstance(each, LabelProgress)]
    assert (told.state, "out of memory" in told.message) == ("failed", True)
    labels = page.act("read")
    assert not labels.provisional
    assert areas(labels) == areas(quick)
    assert "Traceback" in caplog.text
