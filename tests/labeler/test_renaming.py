"""An object gets another name and keeps all that was said of it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import TICKS, draw_take
from label_service import Page

from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.datasets.labels.object_edits import ObjectExists
from teachloop.labeler.errors import NoSuchObject
from teachloop.labeler.session import LabelingSession

CUP: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup", "x": 17.0, "y": 27.0}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A cup, which is the target, is clicked on, locked and followed; a bin is only named."""
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    page.act("click", **CUP, author="Ada")
    page.act("lock", places=[{"camera": "front", "frame": 0}], locked=True, author="Ada")
    objects = [{"name": "cup", "target": True}, {"name": "bin", "target": False}]
    page.act("objects", objects=objects, author="Ada")
    page.act("propagate", object="cup", author="Ada")
    page.last_word()
    yield page
    page.service.close()


def labels(tmp_path: Path) -> Labels:
    return Labels.open(tmp_path / "takes" / "one")


def test_masks_prompts_locks_and_the_target_go_along_in_one_step(
    page: Page, tmp_path: Path
) -> None:
    before = labels(tmp_path).snapshot
    said = page.act("rename", object="cup", name="  blue  cup", author="Ada")
    after = labels(tmp_path).snapshot
    assert [(each.name, each.target) for each in said.objects] == [
        ("blue cup", True),
        ("bin", False),
    ]
    assert {(*place[:2], "blue cup"): mask for place, mask in before.masks.items()} == after.masks
    assert len(after.masks) == 2 * TICKS
    assert after.masks["front", 0, "blue cup"].locked
    assert [prompt.object for prompt in after.prompts] == ["blue cup"]
    assert page.act("undo", author="Ada").revision == after.revision + 1
    back = labels(tmp_path).snapshot
    assert (back.objects, back.masks, back.prompts) == (
        before.objects,
        before.masks,
        before.prompts,
    )
    page.act("redo", author="Ada")
    assert labels(tmp_path).snapshot.masks == after.masks


def test_the_log_holds_a_word_and_not_all_masks_again(page: Page, tmp_path: Path) -> None:
    log = tmp_path / "takes" / "one" / "labels" / LOG
    before = log.stat().st_size
    page.act("rename", object="cup", name="mug")
    page.act("undo")
    assert log.stat().st_size - before < 1000


def test_what_others_said_of_it_since_is_kept_when_the_name_is_taken_back(
    page: Page, tmp_path: Path
) -> None:
    page.act("rename", object="cup", name="mug", author="Ada")
    page.act("hide", camera="front", object="mug", frame=3, last=4, author="Grace")
    page.act("undo", author="Ada")
    masks = labels(tmp_path).snapshot.masks
    assert {name for _, _, name in masks} == {"cup"}
    assert masks["front", 3, "cup"].hidden


def test_a_name_that_is_taken_or_an_object_that_is_not_there_is_refused(page: Page) -> None:
    revision = page.act("read").revision
    with pytest.raises(ObjectExists, match="'bin' already"):
        page.act("rename", object="cup", name="bin")
    with pytest.raises(NoSuchObject):
        page.act("rename", object="plate", name="dish")
    assert page.act("rename", object="cup", name=" cup ").revision == revision
    done = page.act("rename", object="cup", name="mug").revision
    assert page.act("rename", object="cup", name="mug").revision == done, "asked for twice"


def test_a_name_is_not_taken_back_over_another_object_of_that_name(page: Page) -> None:
    page.act("rename", object="cup", name="mug", author="Ada")
    others = [{"name": name, "target": name == "mug"} for name in ("mug", "bin", "cup")]
    page.act("objects", objects=others, author="Grace")
    with pytest.raises(ObjectExists):
        page.act("undo", author="Ada")
    assert [each.name for each in page.act("read").objects] == ["mug", "bin", "cup"]


def test_a_propagation_gives_no_masks_to_a_name_that_is_gone(tmp_path: Path) -> None:
    draw_take(tmp_path, "one", labeled=False)
    with LabelingSession.open(tmp_path / "takes" / "one") as session:
        session.click("front", 0, "cup", 17.0, 27.0)
        renamed = threading.Event()

        def rename(share: float) -> None:
            if not renamed.is_set():
                renamed.set()
                session.rename_object("cup", "mug")

        session.propagate(progress=rename)
        assert {name for _, _, name in session.snapshot.masks} == {"mug"}
