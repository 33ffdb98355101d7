"""Propagation on the Label page: in one take and in many, chosen, cancelled, failed, told later."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, TICKS, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import SetMask, SetObjects, SetReview
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode

METHODS = Path(__file__).parents[1] / "labeler"
SETTINGS = {
    "propagators": {
        "copies": "made_up_methods:Copies",
        "fails": "made_up_methods:Fails",
        "slow": "made_up_methods:SlowCopies",
    },
    "propagator": "copies",
}
OUTCOME = "document.querySelector('.tl-label .batch .outcome').textContent"
CHOSEN = ".tl-label .propagator select"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Two takes with a mask that somebody drew, one whose only mask was propagated, and one that
    somebody is done with."""
    data = tmp_path_factory.mktemp("propagation")
    (data / "labeler.json").write_text(json.dumps(SETTINGS))
    for name in ("first", "second", "orphaned", "alone"):
        draw_take(data, name, labeled=False)
        source = MaskSource.PROPAGATED if name == "orphaned" else MaskSource.HUMAN
        mask = SetMask("front", 0, "cup", MaskRecord(rle=encode(np.eye(SIDE)), source=source))
        objects = SetObjects((ObjectLabel("cup", target=True),))
        review = SetReview("done" if name == "alone" else "open")
        Labels.open(data / "takes" / name).apply([objects, mask, review], 0, "test")
    path = os.pathsep.join([str(METHODS), *filter(None, [os.environ.get("PYTHONPATH")])])
    server = new_server(data, {"PYTHONPATH": path}, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def label(kept_window: Any, server: Any) -> LabelWindow:
    window = LabelWindow(kept_window, server.data)
    window.show("alone")
    window.page.wait_for_selector(f"{CHOSEN}:visible")
    return window


def masks(label: LabelWindow, take: str) -> int:
    return len(label.labels(take).snapshot.masks)


def top(label: LabelWindow, selector: str) -> float:
    return label.page.locator(f".tl-label .panel {selector}").bounding_box()["y"]


def test_the_propagator_that_is_chosen_runs_and_moves_nothing_on_the_page(
    label: LabelWindow,
) -> None:
    page = label.page
    places = (".tools", ".success", ".objects")
    before = [top(label, each) for each in places]
    assert page.input_value(CHOSEN) == "copies"
    page.keyboard.press("w")
    page.keyboard.press("w")
    assert page.input_value(CHOSEN) == "slow"
    page.keyboard.press("p")
    page.wait_for_selector(".tl-label .spread.running")
    assert page.is_visible(".tl-label .spread progress")
    assert [top(label, each) for each in places] == before
    page.click(".tl-label .spread .cancel")
    page.wait_for_selector(".tl-label .spread:not(.running)")
    assert [top(label, each) for each in places] == before
    assert masks(label, "alone") == 1
    page.select_option(CHOSEN, "copies")
    label.window.blur()
    page.keyboard.press("p")
    label.revision(2)
    page.keyboard.press("ArrowRight")
    label.caption("propagated · 25 % sure")


def test_a_batch_that_is_cancelled_leaves_the_take_that_it_was_at_as_it_was(
    label: LabelWindow,
) -> None:
    label.page.select_option(CHOSEN, "slow")
    label.window.blur()
    label.page.keyboard.press("a")
    cancel = label.page.locator(".tl-label .batch .cancel")
    cancel.wait_for(state="visible")
    label.window.wait(f"{OUTCOME}.includes('take 1 of 3')")
    assert label.page.locator(".tl-label .batch .start").is_disabled()
    cancel.click()
    label.window.wait(f"{OUTCOME}.startsWith('Cancelled')")
    cancel.wait_for(state="hidden")
    assert [masks(label, take) for take in ("first", "second", "orphaned")] == [1, 1, 1]
    label.page.wait_for_selector(".tl-label .batch .start:enabled")


def test_a_batch_that_fails_says_why(label: LabelWindow) -> None:
    label.page.select_option(CHOSEN, "fails")
    label.window.blur()
    label.page.keyboard.press("a")
    label.window.wait(f"{OUTCOME}.includes('out of memory')")
    assert [masks(label, take) for take in ("first", "second")] == [1, 1]


def test_a_batch_tells_what_it_did_and_left_out_also_after_a_reload(label: LabelWindow) -> None:
    label.page.select_option(CHOSEN, "copies")
    label.window.blur()
    label.page.wait_for_selector(".tl-label .batch .start:visible:enabled")
    assert "Propagate 3 takes" in label.page.inner_text(".tl-label .batch .start")
    label.page.keyboard.press("a")
    for _ in range(2):
        label.window.wait(f"{OUTCOME}.startsWith('Done in 2 of 3. Take ')")
        told = label.page.inner_text(".tl-label .batch .outcome")
        number = next(row["number"] for row in label.window.takes() if row["id"] == "orphaned")
        assert f"Take {number}: Nothing to segment yet: click on the object" in told
        label.window.reload()
        label.window.tab("label")
    assert [masks(label, take) for take in ("first", "second", "orphaned")] == [
        2 * TICKS, 2 * TICKS, 1,
    ]  # fmt: skip
