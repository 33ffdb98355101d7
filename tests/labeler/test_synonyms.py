"""What else an object is called: said, taken back, and known wherever objects go by name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take
from label_service import Page

from teachloop.datasets.errors import StaleRevision
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.object_edits import ObjectExists
from teachloop.labeler.batch import label_take
from teachloop.labeler.errors import NoSuchObject
from teachloop.labeler.requests import SYNONYM_LIMIT
from teachloop.runtime.errors import TeachloopError

OBJECTS = [{"name": "cup", "target": True}, {"name": "bin", "target": False}]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    page.act("objects", objects=OBJECTS, author="Ada")
    yield page
    page.service.close()


def call(page: Page, object: str, *synonyms: str, **fields: Any) -> dict[str, list[str]]:
    return shown(page.act("synonyms", object=object, synonyms=list(synonyms), **fields))


def shown(said: Any) -> dict[str, list[str]]:
    return {each.name: each.synonyms for each in said.objects}


def test_they_are_said_shown_and_taken_back(page: Page) -> None:
    assert call(page, "cup", " mug ", "", "red  cup", "cup") == {
        "cup": ["mug", "red cup"],
        "bin": [],
    }
    assert shown(page.act("undo")) == {"cup": [], "bin": []}
    assert shown(page.act("redo")) == {"cup": ["mug", "red cup"], "bin": []}


def test_another_target_or_object_leaves_them_alone(page: Page) -> None:
    call(page, "cup", "mug")
    others = [{"name": name, "target": name == "bin"} for name in ("cup", "bin", "tray")]
    assert shown(page.act("objects", objects=others))["cup"] == ["mug"]
    page.act("objects", objects=others[1:])
    assert shown(page.act("undo"))["cup"] == ["mug"], "they came back with their object"


def test_a_rename_keeps_them_and_an_undo_takes_back_the_name_alone(page: Page) -> None:
    call(page, "cup", "mug", "red cup", author="Ada")
    assert shown(page.act("rename", object="cup", name="mug", author="Ada"))["mug"] == ["red cup"]
    call(page, "bin", "basket", author="Grace")
    assert shown(page.act("undo", author="Ada")) == {"cup": ["mug", "red cup"], "bin": ["basket"]}


def test_an_undo_leaves_what_another_said_of_another_object(page: Page) -> None:
    call(page, "cup", "mug", author="Ada")
    call(page, "bin", "basket", author="Grace")
    page.act("objects", objects=[{**each, "target": False} for each in OBJECTS], author="Ada")
    page.act("undo", author="Ada")
    assert shown(page.act("undo", author="Ada")) == {"cup": [], "bin": ["basket"]}


def test_two_who_call_one_object_are_asked_and_of_two_objects_are_not(page: Page) -> None:
    seen = page.act("read").revision
    call(page, "cup", "mug", author="Grace", base_revision=seen)
    with pytest.raises(StaleRevision):
        call(page, "cup", "beaker", author="Ada", base_revision=seen)
    call(page, "bin", "basket", author="Ada", base_revision=seen)
    page.act("objects", objects=OBJECTS, author="Ada", base_revision=seen)
    assert shown(page.act("read")) == {"cup": ["mug"], "bin": ["basket"]}


def test_a_word_that_is_taken_an_object_that_is_not_there_and_too_many_are_refused(
    page: Page,
) -> None:
    call(page, "cup", "mug")
    with pytest.raises(ObjectExists, match="'cup' already, which is called 'mug', too"):
        call(page, "bin", "mug")
    with pytest.raises(ObjectExists):
        page.act("click", camera="front", frame=0, object="mug", x=9, y=9, segmenter="squares")
    with pytest.raises(NoSuchObject):
        call(page, "plate", "dish")
    with pytest.raises(TeachloopError, match="synonyms"):
        call(page, "cup", *map(str, range(SYNONYM_LIMIT + 1)))


def test_objects_that_are_one_have_the_names_of_both(page: Page) -> None:
    call(page, "cup", "mug")
    call(page, "bin", "basket")
    remedy = {"kind": "rename", "old": "bin", "new": "mug"}
    assert shown(page.act("reword", remedy=remedy)) == {"cup": ["mug", "basket"]}
    assert shown(page.act("undo")) == {"cup": ["mug"], "bin": ["basket"]}


def test_they_are_spelled_anew_like_all_words(page: Page) -> None:
    call(page, "cup", "red mugg", "mugg")
    page.act("reword", remedy={"kind": "respell", "old": "mugg", "new": "mug"})
    assert shown(page.act("read"))["cup"] == ["red mug", "mug"]
    page.act("reword", remedy={"kind": "respell", "old": "mug", "new": "bin"})
    assert shown(page.act("read")) == {"cup": ["red bin", "mug"], "bin": []}, "bin is another one"


def test_whoever_labels_a_take_by_a_synonym_labels_the_object(page: Page, tmp_path: Path) -> None:
    call(page, "cup", "mug")
    folder = tmp_path / "takes" / "one"
    label_take(
        folder, clicks={"front": [(0, 17.0, 27.0, True)]}, object_name="mug", use_grasp=False
    )
    now = Labels.open(folder).snapshot
    assert [label.name for label in now.objects] == ["cup", "bin"]
    assert {name for _, _, name in now.masks} == {"cup"}
