"""An object is looked for by its name; nothing is saved before somebody takes what was found."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from label_service import Page
from made_up_methods import RedThings, SlowRedThings

from teachloop.datasets.labels.edits import LockMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskSource, decode
from teachloop.datasets.labels.origins import ORIGINS
from teachloop.datasets.takes.take_folder import LABELS
from teachloop.labeler.errors import NoSuchFrame, NothingToTake, OthersLook
from teachloop.labeler.methods import UnknownMethod, UnusableMethod
from teachloop.labeler.models.checkpoint import NoWeights
from teachloop.labeler.searches import MOST_LOOKS
from teachloop.labeler.settings import LabelerSettings
from teachloop.labeler.updates import Patch, ShownFinding

SETTINGS = LabelerSettings(
    segmenters={"squares": "made_up_methods:Squares"},
    finders={
        "red": "made_up_methods:RedThings",
        "slow": "made_up_methods:SlowRedThings",
        "none": "made_up_methods:Squares",
    },
    finder="red",
)
PLACE: dict[str, Any] = {"camera": "front", "frame": 2, "object": "red square"}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    monkeypatch.setenv("MADE_UP_MAY_GO_ON", str(tmp_path / "may-go-on"))
    monkeypatch.setenv("MADE_UP_GIVEN_UP", str(tmp_path / "given-up"))
    RedThings.asked.clear()
    SlowRedThings.begun.clear()
    page = Page(tmp_path, SETTINGS)
    yield page
    page.service.close()


@pytest.fixture
def labels(tmp_path: Path) -> Labels:
    return Labels.open(tmp_path / "takes" / "one")


def find(page: Page, **fields: Any) -> ShownFinding:
    finding = page.act("find", **{**PLACE, **fields}).finding
    assert finding is not None
    return finding


def take(page: Page, finding: ShownFinding, choice: int = 0, **fields: Any) -> Patch:
    asked = {"object": finding.object, "finding": finding.known_by, "choice": choice, **fields}
    return page.act("take_found", **asked)


def begun(looks: int) -> None:
    """Wait until so many slow looks are under way."""
    started = time.monotonic()
    while len(SlowRedThings.begun) < looks:
        assert time.monotonic() - started < 10
        time.sleep(0.01)


def square() -> Any:
    """Of the frame, as it was drawn."""
    mask = np.zeros((SIDE, SIDE), bool)
    mask[20:34, 12:26] = True
    return mask


def test_what_is_found_is_told_the_surest_first_and_nothing_is_saved(
    page: Page, labels: Labels
) -> None:
    finding = find(page)
    assert [each.score for each in finding.found] == [0.875, 0.5]
    assert (finding.finder, finding.words) == ("red", "red square")
    assert (finding.camera, finding.frame) == ("front", 2)
    assert labels.refresh().revision == 0
    assert not (labels.folder / ORIGINS).exists()


def test_a_mask_that_is_taken_is_kept_with_what_found_it(page: Page, labels: Labels) -> None:
    patch = take(page, find(page), author="Ada")
    (shown,) = patch.masks
    assert (shown.source, shown.confidence, shown.locked) == ("model", 0.875, True)
    assert shown.origin is not None
    assert (shown.origin.finder, shown.origin.words) == ("red", "red square")
    now = labels.refresh()
    assert labels.history()[0].author == "Ada"
    record = now.masks["front", 2, "red square"]
    assert np.mean(decode(record.rle) != square()) < 0.01, "but for JPEG's edges"
    assert now.targets == ("red square",)
    (again,) = page.act("read").masks
    assert again.origin == shown.origin


def test_the_log_holds_what_it_always_held_and_the_next_labeler_knows_the_words(
    page: Page, tmp_path: Path, labels: Labels
) -> None:
    take(page, find(page), choice=1)
    edits = [edit.kind for entry in labels.history() for edit in entry.edits]
    assert edits == ["objects", "mask"]
    other = Page(tmp_path, SETTINGS)
    (mask,) = other.act("read").masks
    assert mask.origin is not None
    (labels.folder / ORIGINS).unlink()
    other.service.close()
    after = Page(tmp_path, SETTINGS)
    (mask,) = after.act("read").masks
    assert (mask.origin, mask.source) == (None, "model")
    after.service.close()


def test_synonyms_are_asked_where_the_name_finds_nothing(page: Page) -> None:
    page.act("objects", objects=[{"name": "cube", "target": True}])
    page.act("synonyms", object="cube", synonyms=["block", "red thing", "red box"])
    finding = find(page, object="cube")
    assert RedThings.asked == ["cube", "block", "red thing"]
    assert (finding.object, finding.words) == ("cube", "red thing")
    (mask,) = take(page, finding).masks
    assert mask.origin is not None
    assert mask.origin.words == "red thing"


def test_nothing_that_is_called_so_is_an_answer(page: Page) -> None:
    finding = find(page, object="green cup")
    assert (finding.found, finding.words, finding.known_by) == ([], "green cup", "")


def test_it_is_one_step_that_is_taken_back_with_the_clicks_that_were_there(
    page: Page, labels: Labels
) -> None:
    page.act("click", **PLACE, x=40.0, y=40.0, segmenter="squares")
    clicked = labels.refresh()
    patch = take(page, find(page))
    assert patch.prompts == []
    assert len(labels.refresh().masks) == 1
    page.act("undo")
    assert labels.refresh().masks == clicked.masks
    assert labels.refresh().prompts == clicked.prompts
    (mask,) = page.act("redo").masks
    assert mask.origin is not None


def test_a_lock_stops_nobody_who_takes_what_was_found(page: Page, labels: Labels) -> None:
    page.act("click", **PLACE, x=40.0, y=40.0, segmenter="squares")
    page.act("lock", places=[{"camera": "front", "frame": 2}], locked=True)
    take(page, find(page))
    assert labels.refresh().masks["front", 2, "red square"].source is MaskSource.MODEL
    assert LockMask("front", 2, "red square", False) in labels.history()[-1].edits


def test_a_click_goes_on_from_it_as_from_any_mask(page: Page, labels: Labels) -> None:
    take(page, find(page))
    page.act("click", **PLACE, x=13.0, y=21.0, positive=False)
    record = labels.refresh().masks["front", 2, "red square"]
    assert (record.source, record.locked) == (MaskSource.HUMAN, False)
    (mask,) = page.act("read").masks
    assert mask.origin is None


def test_a_propagation_starts_from_it_and_leaves_it_alone(page: Page, labels: Labels) -> None:
    take(page, find(page))
    before = labels.refresh().masks["front", 2, "red square"]
    page.act("propagate")
    assert page.last_word().state == "done"
    after = labels.refresh().masks
    assert after["front", 2, "red square"] == before
    assert after["front", 6, "red square"].source is MaskSource.PROPAGATED


def test_an_object_that_was_renamed_meanwhile_gets_it_by_its_new_name(page: Page) -> None:
    page.act("objects", objects=[{"name": "red square", "target": True}])
    finding = find(page)
    page.act("rename", object="red square", name="tile")
    (mask,) = take(page, finding, object="tile").masks
    assert mask.object == "tile"
    assert mask.origin is not None


def test_what_nobody_found_is_not_taken(page: Page) -> None:
    finding = find(page)
    for wrong in ({"choice": 2}, {"finding": "of-another-day"}):
        with pytest.raises(NothingToTake, match="Look for it again"):
            page.act("take_found", **{"object": "cup", "finding": finding.known_by, "choice": 0}
                     | wrong)  # fmt: skip


def test_what_cannot_be_looked_at_is_refused_in_words(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEACHLOOP_SAM3", raising=False)
    with pytest.raises(NoSuchFrame):
        find(page, frame=10**6)
    with pytest.raises(NoSuchFrame):
        find(page, camera="ceiling")
    with pytest.raises(UnknownMethod, match=r"No finder 'sam4'\. Known: sam3, red, slow, none"):
        find(page, finder="sam4")
    with pytest.raises(UnusableMethod, match="it has no find"):
        find(page, finder="none")
    with pytest.raises(NoWeights, match="No weights of SAM 3 are named"):
        find(page, finder="sam3")


@pytest.mark.parametrize("over", [("stop_finding", {}), ("find", PLACE)])
def test_a_look_is_given_up_once_it_is_stopped_or_another_begins(
    page: Page, tmp_path: Path, over: tuple[str, dict[str, Any]]
) -> None:
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(page.act, "find", **PLACE, finder="slow", window="a")
        begun(1)
        page.act("find", **PLACE, window="b")
        assert not asked.done(), "another window's is its own"
        page.act(over[0], **over[1], window="a")
        assert asked.result(timeout=10).finding is None
    assert (tmp_path / "given-up").exists()


def test_of_too_many_looks_one_is_refused_and_later_answered(page: Page, tmp_path: Path) -> None:
    with ThreadPoolExecutor(MOST_LOOKS) as threads:
        looks = [
            threads.submit(find, page, finder="slow", window=str(window))
            for window in range(MOST_LOOKS)
        ]
        begun(MOST_LOOKS)
        with pytest.raises(OthersLook, match="Try again in a moment"):
            find(page, window="another")
        (tmp_path / "may-go-on").touch()
        assert all(look.result(timeout=10).found for look in looks)
    assert find(page, window="another").found


def test_a_click_does_not_wait_for_a_look(page: Page, tmp_path: Path) -> None:
    answered = threading.Event()

    def look() -> None:
        find(page, finder="slow")
        answered.set()

    thread = threading.Thread(target=look)
    thread.start()
    begun(1)
    page.act("click", **PLACE, x=20.0, y=25.0)
    assert not answered.is_set()
    (tmp_path / "may-go-on").touch()
    thread.join(10)
    assert answered.is_set()


def test_the_folder_of_labels_is_the_only_place_that_is_written(page: Page, tmp_path: Path) -> None:
    take(page, find(page))
    written = {path.name for path in (tmp_path / "takes" / "one").iterdir()}
    assert written == {"take.h5", LABELS}
