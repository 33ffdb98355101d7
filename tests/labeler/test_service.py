"""What may be asked about labels, whose the changes are, and that a propagation tells its end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page

from teachloop.datasets.errors import NoSuchTake
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import Rle, area
from teachloop.labeler.updates import Patch, Steps
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.validation import Invalid

CLICK: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup", "x": 9.0, "y": 9}
BOX: dict[str, Any] = {"camera": "front", "frame": 0, "object": "cup", "values": [2, 2, 30, 30]}
HUGE = 10**400
PLACES: list[dict[str, Any]] = [{"camera": "front", "frame": 0}, {"camera": "wrist", "frame": 0}]
CLASSICAL = "teachloop.labeler.propagation.classical.propagator.ClassicalPropagator"


def part(start: int, end: int, text: str = "") -> dict[str, Any]:
    """Of the 20 ticks of the take."""
    return {"start": start, "end": end, "text": text}


def square(frame: int) -> dict[str, Any]:
    """A click that the made-up segmenter answers."""
    return {**CLICK, "frame": frame, "segmenter": "squares"}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


def test_clicks_and_boxes_in_the_picture_are_kept(page: Page) -> None:
    page.act("click", **CLICK)
    corner: dict[str, Any] = {**CLICK, "x": 0, "y": SIDE}
    page.act("click", **corner)
    said = page.act("box", **BOX)
    assert [each.values for each in said.prompts] == [[9, 9], [0, SIDE], [2, 2, 30, 30]]


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("click", {"x": 1e300}, "x must be in the picture, from 0 to 64 pixels"),
        ("click", {"x": HUGE}, "x must be in the picture"),
        ("click", {"x": float("nan")}, "x must be in the picture"),
        ("click", {"x": "9"}, "x must be in the picture"),
        ("click", {"y": -5}, "y must be in the picture, from 0 to 64 pixels, got -5"),
        ("click", {"object": " "}, "object must be the name of an object"),
        ("click", {"object": [1]}, "object must be text"),
        ("click", {"frame": float("inf")}, "frame must be a whole number"),
        ("click", {"frame": True}, "frame must be a whole number"),
        ("click", {"base_revision": float("inf")}, "base_revision must be a whole number"),
        ("click", {"camera": "ceiling"}, "no frame 0 of a camera 'ceiling'"),
        ("click", {"frame": 10**6}, "no frame 1000000"),
        (
            "click",
            {"segmenter": "sam"},
            "No segmenter 'sam'. Known: classical, segment-anything, sam2, squares",
        ),
        ("box", {"values": [30, 2, 2, 30]}, "right and bottom lie after its left and top"),
        ("box", {"values": [2, 2, 2, 30]}, "right and bottom lie after its left and top"),
        ("box", {"values": [2, 2, 900, 30]}, "values must be in the picture"),
        ("box", {"values": [2, 2, 30]}, "values must be left, top, right and bottom"),
        ("box", {"values": "abcd"}, "values must be left, top, right and bottom"),
        ("box", {"object": ""}, "object must be the name of an object"),
        ("instruction", {"instruction": "x" * 501}, "text of at most 500 characters, not 501"),
        ("click", {"positive": False}, "Nothing of the object would be left"),
        ("paraphrases", {"paraphrases": "push it"}, "paraphrases must be a list"),
        ("paraphrases", {"paraphrases": ["push it", 5]}, "paraphrases[1] must be text, got 5"),
        ("instruction", {"instruction": None}, "instruction must be text, got None"),
        ("objects", {"objects": [{"name": 5, "target": True}]}, "name must be text, got 5"),
        ("objects", {"objects": [{"name": "a", "target": "no"}]}, "target must be true or false"),
        ("objects", {"objects": [{"name": "a"}]}, "objects[0].target is missing"),
        ("objects", {"objects": 5}, "objects must be a list"),
        ("objects", {"objects": [{"name": "a", "target": True}] * 201}, "at most 200"),
        ("click", {"positive": "no"}, "positive must be true or false, got 'no'"),
        (
            "review",
            {"review": "finished"},
            "review must be 'open', 'done', 'approved' or 'returned', got 'finished'",
        ),
        ("review", {"review": "returned"}, "Say what is to be put right"),
        ("review", {"review": "returned", "comment": " "}, "Say what is to be put right"),
        ("review", {"review": "done", "comment": "x" * 501}, "at most 500 characters, not 501"),
        ("lock", {"locked": 1}, "locked must be true or false, got 1"),
        ("lock", {"places": []}, "places must"),
        ("success", {"success": "false"}, "success must be true or false, got 'false'"),
        ("segments", {"segments": [{"start": -1, "end": 2, "text": ""}]}, "start must be a whole"),
        ("segments", {"segments": [part(3, 2)]}, "between ticks 0 and 20, not from 3 to 2"),
        ("segments", {"segments": [part(3, 3)]}, "not from 3 to 3"),
        ("segments", {"segments": [part(0, 21)]}, "between ticks 0 and 20, not from 0 to 21"),
        ("segments", {"segments": [part(0, 9), part(8, 12)]}, "between ticks 9 and 20, not from 8"),
        ("propagate", {"object": [1]}, "object must be text"),
        ("propagate", {"object": ""}, "object must be the name of an object"),
        ("propagate", {"object": {}}, "object must be text"),
        ("dance", {}, "must have one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    page: Page, action: str, fields: dict[str, Any], words: str
) -> None:
    usual = {"click": square(0), "box": BOX, "lock": {"places": PLACES}}.get(action, {})
    with pytest.raises(TeachloopError) as refused:
        page.act(action, **usual | fields)
    assert words in str(refused.value)
    labels = page.act("read")
    assert (labels.revision, labels.propagating) == (0, False)


def test_a_field_that_nobody_knows_is_named(page: Page) -> None:
    with pytest.raises(Invalid, match="colour is no field that is known here"):
        page.act("undo", colour="red")


def test_words_are_kept_whole(page: Page) -> None:
    assert page.act("paraphrases", paraphrases=["push  it", " ", "shove it"]).paraphrases == [
        "push it",
        "shove it",
    ]


def test_a_change_is_its_authors_who_alone_takes_it_back(page: Page, tmp_path: Path) -> None:
    page.act("instruction", instruction="push it", author="Ada")
    page.act("success", success=True, author="Grace")
    page.act("undo", author="Ada")
    labels = Labels.open(tmp_path / "takes" / "one")
    assert [entry.author for entry in labels.history()] == ["Ada", "Grace", "Ada"]
    assert (labels.snapshot.instruction, labels.snapshot.success) == (None, True)
    assert page.act("read", author="Grace").can_undo
    assert not page.act("read", author="somebody else").can_undo


def test_a_frame_of_all_cameras_is_cleared_and_comes_back_in_one_step(page: Page) -> None:
    page.act("click", **square(0))
    page.act("click", **square(0) | {"camera": "wrist"})
    cleared = page.act("clear", object="cup", places=PLACES)
    assert (cleared.prompts, sorted(cleared.removed)) == (
        [],
        [("front", 0, "cup"), ("wrist", 0, "cup")],
    )
    assert page.act("clear", object="cup", places=PLACES).revision == cleared.revision
    back = page.act("undo")
    assert (len(back.masks), len(back.prompts)) == (2, 2)


def test_what_was_done_can_be_taken_back_however_many_takes_came_since(
    page: Page, tmp_path: Path
) -> None:
    names = [draw_take(tmp_path, f"take-{number}", labeled=False) for number in range(6)]
    for name in names:
        page.act("click", name, **square(0), author="Ada")
    for name in names:
        assert page.act("read", name, author="Ada").can_undo
        assert page.act("undo", name, author="Ada").removed == [("front", 0, "cup")]


def test_the_same_words_typed_in_another_way_are_the_same(page: Page) -> None:
    objects = [
        {"name": "Wu\u0308rfel", "target": False},
        {"name": "Würfel\u00a0", "target": True},
        {"name": "Teller", "target": False},
    ]
    said = page.act("objects", objects=objects).objects
    assert [(each.name, each.target) for each in said] == [("Würfel", True), ("Teller", False)]
    assert page.act("instruction", instruction=" a\u0308  b").instruction == "ä b"


def test_an_object_added_under_the_targets_name_leaves_it_the_target(page: Page) -> None:
    page.act("click", **square(0))
    target = {"name": "cup", "target": True}
    said = page.act("objects", objects=[target, {"name": "cup", "target": False}])
    assert [each.model_dump() for each in said.objects] == [{**target, "synonyms": []}]


def test_a_box_begins_anew_after_clicks_that_went_wrong(page: Page, tmp_path: Path) -> None:
    """In the middle of the square of 14 × 14 pixels that begins at 10, 20."""
    inside: dict[str, Any] = {**CLICK, "x": 17.0, "y": 27.0}
    beside: dict[str, Any] = {**inside, "x": 19.0, "positive": False}
    around: dict[str, Any] = {**BOX, "values": [7, 17, 27, 37]}
    whole = page.act("click", **inside).masks[0]
    part = page.act("click", **beside).masks[0]
    again = page.act("box", **around).masks[0]
    sizes = [area(Rle(SIDE, SIDE, each.rle.counts)) for each in (whole, part, again)]
    assert sizes[1] < 30
    assert abs(sizes[0] - 14 * 14) < 20
    assert abs(sizes[2] - 14 * 14) < 20


def test_a_segmenter_and_a_propagator_are_chosen_by_request(page: Page) -> None:
    page.act("click", **CLICK, segmenter="squares")
    assert page.act("propagate", propagator="slow").propagating
    page.act("cancel")
    assert page.last_word().state == "cancelled"


def test_a_propagation_without_a_click_tells_what_is_missing(page: Page) -> None:
    page.act("propagate", object="cup")
    ended = page.last_word()
    assert isinstance(ended.patch, Steps)
    assert (ended.state, ended.patch.propagating) == ("failed", False)
    assert "click on the object" in ended.message


def test_a_propagation_that_fails_as_nobody_foresaw_tells_its_end(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no such kernel")

    page.act("click", **CLICK)
    monkeypatch.setattr(f"{CLASSICAL}.propagate", fail)
    page.act("propagate")
    ended = page.last_word()
    assert isinstance(ended.patch, Steps)
    assert (ended.state, ended.patch.propagating) == ("failed", False)
    assert "The propagation failed: RuntimeError: no such kernel" in ended.message
    assert "Traceback" in caplog.text


def test_a_propagation_that_ends_well_brings_its_masks(page: Page) -> None:
    page.act("box", **BOX, author="Ada")
    page.act("propagate", author="Ada")
    ended = page.last_word()
    assert (ended.state, ended.author) == ("done", "Ada")
    assert isinstance(ended.patch, Patch)
    assert not ended.patch.propagating
    assert ended.patch.masks


def test_takes_in_use_stay_open_however_many_there_are(page: Page, tmp_path: Path) -> None:
    """Eight takes, clicked on from sixteen threads, four of them while they propagate."""
    names = [draw_take(tmp_path, f"take-{number}", labeled=False) for number in range(8)]
    for name in names[:4]:
        page.act("click", name, **square(0))
        page.act("propagate", name, propagator="slow")
    clicks = [(name, frame) for frame in range(5) for name in names]
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda each: page.act("click", each[0], **square(each[1])), clicks))
    for name in names:
        assert len(page.act("read", name).prompts) in (5, 6)


def test_a_take_that_is_not_there_is_said_so(page: Page) -> None:
    with pytest.raises(NoSuchTake):
        page.act("read", "two")
    with pytest.raises(NoSuchTake):
        page.service.poster("two")


def test_a_poster_is_a_picture_of_the_take(page: Page) -> None:
    assert page.service.poster("one").startswith(b"\xff\xd8")
