"""Several people at one take: what each does adds up, and nobody's words go under unseen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import draw_take
from label_service import Page

from teachloop.datasets.errors import StaleRevision
from teachloop.datasets.labels.edits import SetNote
from teachloop.datasets.labels.labels import Labels

PLACE = {"camera": "front", "object": "cup", "segmenter": "squares"}
OBJECTS = [{"name": "cup", "target": True}]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


def labels(tmp_path: Path) -> Labels:
    return Labels.open(tmp_path / "takes" / "one")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("click", {**PLACE, "frame": 2, "x": 9, "y": 9}),
        ("clear", {"object": "cup", "places": [{"camera": "front", "frame": 0}]}),
        ("lock", {"locked": True, "places": [{"camera": "front", "frame": 0}]}),
        ("success", {"success": True}),
        ("review", {"review": "done"}),
        ("instruction", {"instruction": "push it"}),
        ("paraphrases", {"paraphrases": ["shove it"]}),
        ("objects", {"objects": OBJECTS}),
        ("undo", {}),
    ],
)
def test_what_others_did_elsewhere_in_the_take_refuses_nothing(
    page: Page, action: str, fields: dict[str, Any]
) -> None:
    seen = page.act("click", **PLACE, frame=0, x=9, y=9, author="Ada").revision
    page.act("click", **PLACE, frame=1, x=9, y=9, author="Grace")
    page.act("segments", segments=[{"start": 0, "end": 5, "text": "reach"}], author="Grace")
    done = page.act(action, **fields, base_revision=seen, author="Ada")
    assert done.revision == seen + 3


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("instruction", {"instruction": "push it"}),
        ("paraphrases", {"paraphrases": ["shove it"]}),
        ("objects", {"objects": [{"name": "bin", "target": False}]}),
        ("segments", {"segments": [{"start": 0, "end": 5, "text": "reach"}]}),
    ],
)
def test_words_that_another_changed_meanwhile_are_refused_once_and_then_taken(
    page: Page, action: str, fields: dict[str, Any]
) -> None:
    others = {
        "instruction": {"instruction": "said by Grace"},
        "paraphrases": {"paraphrases": ["said by Grace"]},
        "objects": {"objects": [{"name": "said by Grace", "target": True}]},
        "segments": {"segments": [{"start": 0, "end": 9, "text": "said by Grace"}]},
    }
    page.act(action, **others[action], author="Grace")
    with pytest.raises(StaleRevision):
        page.act(action, **fields, base_revision=0, author="Ada")
    now = page.act("read")
    assert "said by Grace" in str(now.model_dump()[next(iter(fields))])
    done = page.act(action, **fields, base_revision=now.revision, author="Ada")
    assert done.revision == now.revision + 1


def test_two_clicks_into_one_frame_are_both_kept(page: Page, tmp_path: Path) -> None:
    for author, x in (("Ada", 9), ("Grace", 40)):
        page.act("click", **PLACE, frame=0, x=x, y=9, base_revision=0, author=author)
    said = labels(tmp_path).snapshot
    assert [prompt.values for prompt in said.prompts] == [(9, 9), (40, 9)]


def test_a_revision_that_there_never_was_is_not_taken_for_the_newest(page: Page) -> None:
    with pytest.raises(StaleRevision):
        page.act("instruction", instruction="push it", base_revision=7)


def test_a_change_says_which_labels_it_is_about(page: Page) -> None:
    first = page.act("click", **PLACE, frame=0, x=9, y=9)
    assert (first.base_revision, first.revision) == (0, 1)
    page.act("clear", object="cup", places=[{"camera": "front", "frame": 0}], author="Grace")
    third = page.act("success", success=True)
    assert (third.base_revision, third.revision) == (2, 3), "who saw revision 1 reads all anew"
    assert page.act("read").base_revision == 0


def test_what_another_process_writes_at_the_same_moment_refuses_nothing(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job's edit comes between this one's reading and its writing."""
    other, apply = labels(tmp_path), Labels.apply
    once = iter([True])

    def late(self: Labels, edits: Any, base_revision: int, author: str) -> int:
        if next(once, False):
            apply(other, [SetNote("from a job")], other.refresh().revision, "job")
        return apply(self, edits, base_revision, author)

    monkeypatch.setattr(Labels, "apply", late)
    page.act("click", **PLACE, frame=0, x=9, y=9, author="Ada")
    said = labels(tmp_path).snapshot
    assert (said.note, len(said.masks), said.revision) == ("from a job", 1, 2)
