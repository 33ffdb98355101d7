"""What an object is called besides its name is said of no other object."""

import json
from pathlib import Path

import pytest

from teachloop.datasets.errors import WrongLabel
from teachloop.datasets.labels.edits import Edit, RenameObject, Restore, SetObjects, SetSynonyms
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import LOG, Labels, read_snapshot
from teachloop.datasets.labels.object_edits import ObjectExists

OBJECTS = SetObjects((ObjectLabel("cup", True), ObjectLabel("bin")))
MUG = SetSynonyms("cup", ("mug", "red cup"))


def said(folder: Path, *edits: Edit) -> Labels:
    labels = Labels.open(folder)
    labels.apply(edits, labels.revision, "Ada")
    return Labels.open(folder)


def test_an_object_is_found_by_whatever_it_is_called(tmp_path: Path) -> None:
    now = said(tmp_path, OBJECTS, MUG).snapshot
    assert now.called("cup") == ("cup", "mug", "red cup")
    assert now.called("bin") == ("bin",)
    assert [now.named(word) for word in ("mug", "bin", "dish")] == ["cup", "bin", None]


def test_the_snapshot_s_file_holds_them(tmp_path: Path) -> None:
    labels = said(tmp_path, OBJECTS, MUG)
    labels.save_snapshot()
    cached = read_snapshot(labels.folder)
    assert cached is not None
    assert cached[0] == labels.snapshot


def test_each_is_there_once_and_never_the_name_itself(tmp_path: Path) -> None:
    now = said(tmp_path, OBJECTS, SetSynonyms("cup", ("mug", "cup", "mug"))).snapshot
    assert now.synonyms == {"cup": ("mug",)}
    assert said(tmp_path, SetSynonyms("cup", ())).snapshot.synonyms == {}
    assert said(tmp_path, SetSynonyms("plate", ("dish",))).snapshot.synonyms == {}


def test_they_go_along_with_another_name_and_away_with_their_object(tmp_path: Path) -> None:
    renamed = said(tmp_path, OBJECTS, MUG, RenameObject("cup", "mug")).snapshot
    assert renamed.synonyms == {"mug": ("red cup",)}, "its own synonym is free for its name"
    gone = said(tmp_path, SetObjects((ObjectLabel("bin"),))).snapshot
    assert gone.synonyms == {}
    assert said(tmp_path, Restore(1)).snapshot.synonyms == {"mug": ("red cup",)}


@pytest.mark.parametrize(
    "edit",
    [
        SetSynonyms("bin", ("mug",)),
        SetSynonyms("bin", ("cup",)),
        RenameObject("bin", "mug"),
        SetObjects((ObjectLabel("cup"), ObjectLabel("mug"))),
    ],
)
def test_two_objects_are_not_called_the_same(tmp_path: Path, edit: Edit) -> None:
    labels = said(tmp_path, OBJECTS, MUG)
    with pytest.raises(ObjectExists, match="an object 'cup' already"):
        labels.apply([edit], 1, "Grace")
    assert Labels.open(tmp_path).revision == 1


@pytest.mark.parametrize("wrong", ["", " ", 5, "\ud800"])
def test_what_is_no_word_is_refused(wrong: str) -> None:
    with pytest.raises(WrongLabel, match="synonym"):
        SetSynonyms("cup", (wrong,))


def test_where_nobody_said_any_the_log_is_as_it_was_before_there_were_any(tmp_path: Path) -> None:
    labels = said(tmp_path, OBJECTS, RenameObject("bin", "tray"))
    (line,) = (labels.folder / LOG).read_text().splitlines()
    assert json.loads(line)["edits"] == [
        {"kind": "objects", "objects": [{"name": "cup", "target": True},
                                        {"name": "bin", "target": False}]},
        {"kind": "rename", "object": "bin", "name": "tray"},
    ]  # fmt: skip
