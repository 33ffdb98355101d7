"""What a page may say about labels, and that a propagation always tells how it ended."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import SIDE, draw_take
from own_loop import run_async

from teachloop.app.web.label_fields import BadLabel
from teachloop.app.web.labeling_service import LabelingService
from teachloop.app.web.take_cache import TakeCache
from teachloop.runtime.errors import TeachloopError

CLICK = {"camera": "front", "frame": 0, "object": "cup", "x": 9.0, "y": 9}
BOX = {"camera": "front", "frame": 0, "object": "cup", "values": [2, 2, 30, 30]}
HUGE = 10**400
CLASSICAL = "teachloop.labeler.propagation.classical.propagator.ClassicalPropagator"


class Page:
    """The service of one take, and what it told by itself."""

    def __init__(self, data: Path) -> None:
        self.told: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.service = LabelingService(TakeCache(data), self._hear)

    def _hear(self, kind: str, **content: Any) -> None:
        self.told.append({"kind": kind, **content})
        if content.get("state") not in (None, "running"):
            self.ended.set()

    def act(self, action: str, **fields: Any) -> dict[str, Any]:
        return run_async(self.service.act("one", action, fields))

    def last_word(self) -> dict[str, Any]:
        assert self.ended.wait(30), "the page still shows it running"
        return self.told[-1]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()
    page.service.take_cache.close()


def test_clicks_and_boxes_in_the_picture_are_kept(page: Page) -> None:
    page.act("click", **CLICK)
    page.act("click", **CLICK | {"x": 0, "y": SIDE})
    said = page.act("box", **BOX)
    assert [each["values"] for each in said["prompts"]] == [[9, 9], [0, SIDE], [2, 2, 30, 30]]


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("click", {"x": 1e300}, "'x' must be in the picture, from 0 to 64 pixels"),
        ("click", {"x": HUGE}, "'x' must be in the picture"),
        ("click", {"x": float("nan")}, "'x' must be in the picture"),
        ("click", {"x": "9"}, "'x' must be in the picture"),
        ("click", {"y": -5}, "'y' must be in the picture, from 0 to 64 pixels, got -5"),
        ("click", {"object": " "}, "'object' must be the name of an object"),
        ("click", {"object": [1]}, "'object' must be text"),
        ("click", {"frame": float("inf")}, "'frame' must be a whole number"),
        ("click", {"frame": True}, "'frame' must be a whole number"),
        ("click", {"base_revision": float("inf")}, "'base_revision' must be a whole number"),
        ("click", {"camera": "ceiling"}, "no frame 0 of a camera 'ceiling'"),
        ("click", {"frame": 10**6}, "no frame 1000000"),
        ("box", {"values": [30, 2, 2, 30]}, "right and bottom lie after its left and top"),
        ("box", {"values": [2, 2, 2, 30]}, "right and bottom lie after its left and top"),
        ("box", {"values": [2, 2, 900, 30]}, "'values' must be in the picture"),
        ("box", {"values": [2, 2, 30]}, "'values' must be left, top, right and bottom"),
        ("box", {"values": "abcd"}, "'values' must be left, top, right and bottom"),
        ("box", {"object": ""}, "'object' must be the name of an object"),
        ("paraphrases", {"paraphrases": "push it"}, "'paraphrases' must be a list of texts"),
        ("paraphrases", {"paraphrases": ["push it", 5]}, "'paraphrases' must be text, got 5"),
        ("instruction", {"instruction": None}, "'instruction' must be text, got None"),
        ("objects", {"objects": [{"name": 5, "target": True}]}, "'name' must be text, got 5"),
        ("objects", {"objects": [{"name": "a", "target": "no"}]}, "'target' must be true or false"),
        ("objects", {"objects": [{"name": "a"}]}, "'objects' must be objects with a name and a"),
        ("objects", {"objects": 5}, "'objects' must be a list of at most 200 objects"),
        ("objects", {"objects": [{"name": "a", "target": 1}] * 201}, "a list of at most 200"),
        ("click", {"positive": "no"}, "'positive' must be true or false, got 'no'"),
        ("review", {"review": "finished"}, "'review' must be open or done, got 'finished'"),
        ("lock", {"locked": 1}, "'locked' must be true or false, got 1"),
        ("success", {"success": "false"}, "'success' must be true or false, got 'false'"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    page: Page, action: str, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(TeachloopError) as refused:
        page.act(action, **(BOX if action == "box" else CLICK) | fields)
    assert words in str(refused.value)
    assert page.act("look")["revision"] == 0


def test_wordings_are_kept_whole(page: Page) -> None:
    said = page.act("paraphrases", paraphrases=["push  it", " ", "shove it"])
    assert said["paraphrases"] == ["push it", "shove it"]


@pytest.mark.parametrize("name", [[1], "", 5, {}])
def test_a_propagation_of_no_object_never_begins(page: Page, name: Any) -> None:
    with pytest.raises(BadLabel, match="'object' must be"):
        page.act("propagate", object=name)
    assert page.act("look")["propagating"] is False


def test_a_propagation_without_a_click_tells_what_is_missing(page: Page) -> None:
    page.act("propagate", object="cup")
    ended = page.last_word()
    assert (ended["state"], ended["patch"]["propagating"]) == ("failed", False)
    assert "click on the object" in ended["message"]


def test_a_propagation_that_fails_as_nobody_foresaw_tells_its_end(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no such kernel")

    page.act("click", **CLICK)
    monkeypatch.setattr(
        "teachloop.labeler.propagation.classical.propagator.ClassicalPropagator.propagate", fail
    )
    page.act("propagate")
    ended = page.last_word()
    assert (ended["state"], ended["patch"]["propagating"]) == ("failed", False)
    assert "The propagation failed: RuntimeError('no such kernel')" in ended["message"]
    assert "Traceback" in caplog.text


def test_a_propagation_that_ends_well_brings_its_masks(page: Page) -> None:
    page.act("box", **BOX)
    page.act("propagate")
    ended = page.last_word()
    assert ended["state"] == "done"
    assert ended["patch"]["propagating"] is False
    assert ended["patch"]["masks"]
