"""A whole take of two cameras is labelled, as a person does it, with keys and the mouse."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from label_window import SAVED, TEST_PICTURES, LabelWindow
from simulated_accuracy import accuracy
from simulated_takes import SimulatedTake, record, scene_of

from teachloop.datasets.labels.masks import MaskSource, decode
from teachloop.simulation.world import World

METHODS = Path(__file__).parents[1] / "labeler"
SETTINGS = {"segmenters": {"nested": {"factory": "made_up_methods:Nested", "several": True}}}
SIDE = 256
LATER, CORRECTED = 60, 30  # frames
MARGIN = 2  # pixels, of a box that a person draws


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTake:
    data = tmp_path_factory.mktemp("session")
    (data / "labeler.json").write_text(json.dumps(SETTINGS))
    return record(data / "takes" / "put", scene_of("put", 3))


@pytest.fixture(scope="module")
def bowl(take: SimulatedTake) -> np.ndarray:
    """Where that is into which the target is put (height, width), before anything moves."""
    with World(take.scene) as world:
        return world.instance_masks("front", SIDE, SIDE)[take.scene.task.destination or ""]


@pytest.fixture(scope="module")
def server(new_server: Callable[..., Any], take: SimulatedTake) -> Iterator[Any]:
    path = os.pathsep.join([str(METHODS), *filter(None, [os.environ.get("PYTHONPATH")])])
    server = new_server(take.folder.parents[1], {"PYTHONPATH": path}, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def window(new_window: Callable[..., Any], server: Any) -> LabelWindow:
    window = LabelWindow(new_window(), server.data, SIDE)
    window.show("put")
    window.state("Saved")
    return window


def middle(mask: np.ndarray) -> tuple[float, float]:
    """The pixel (x, y) of a mask that is nearest to its middle."""
    rows, columns = np.nonzero(mask)
    at = np.hypot(rows - rows.mean(), columns - columns.mean()).argmin()
    return float(columns[at]), float(rows[at])


def press(window: LabelWindow, *keys: str) -> None:
    for key in keys:
        window.page.keyboard.press(key)


def draw_box(window: LabelWindow, mask: np.ndarray, camera: str) -> None:
    rows, columns = np.nonzero(mask)
    press(window, "b")
    window.page.mouse.move(*window.at(columns.min() - MARGIN, rows.min() - MARGIN, camera))
    window.page.mouse.down()
    window.page.mouse.move(*window.at(columns.max() + MARGIN, rows.max() + MARGIN, camera), steps=4)
    window.page.mouse.up()


def go_to(window: LabelWindow, frame: int) -> None:
    press(window, "Home", *["Shift+ArrowRight"] * (frame // 10), *["ArrowRight"] * (frame % 10))
    window.caption(f"front {frame}")


def propagate(window: LabelWindow) -> None:
    """Until what it found is saved."""
    before = window.page.evaluate(f"{SAVED}.dataset.revision")
    press(window, "p")
    window.window.wait(
        f"{SAVED}.dataset.revision !== given && !document.querySelector('.tl-label .running')",
        before,
    )
    window.state("Saved")


def look_through_candidates(window: LabelWindow, at: tuple[float, float]) -> None:
    """A lone click may mean several things; the key goes from one to the next."""
    window.page.select_option(".tl-label .segmenter select", "nested")
    window.click(*at)
    window.caption("1 of 3")
    press(window, "i")
    window.caption("2 of 3")
    press(window, "z", "z")
    window.without_mask()
    window.page.select_option(".tl-label .segmenter select", "classical")


def label_target(window: LabelWindow, take: SimulatedTake) -> None:
    truth = {camera: masks[0] for camera, masks in take.truth.items()}
    look_through_candidates(window, middle(truth["front"]))
    draw_box(window, truth["front"], "front")
    window.caption("clicked")
    window.click(*middle(truth["front"]))
    window.click(*middle(truth["wrist"]), camera="wrist")
    window.caption("clicked", "wrist")


def label_bowl(window: LabelWindow, bowl: np.ndarray, name: str) -> None:
    """Later in the take, as a second object."""
    go_to(window, LATER)
    window.page.click(".tl-label .add-object")
    window.page.keyboard.type(name)
    press(window, "Enter")
    window.page.wait_for_selector(f".tl-label .objects li.chosen:has-text('{name}')")
    window.click(*middle(bowl))
    window.caption("clicked")


def correct(window: LabelWindow, take: SimulatedTake) -> np.ndarray:
    """One frame is clicked anew and locked; its mask."""
    press(window, "o")
    go_to(window, CORRECTED)
    window.click(*middle(take.truth["front"][CORRECTED]))
    window.caption("clicked")
    press(window, "l")
    window.caption("locked")
    kept = window.labels("put").snapshot.masks["front", CORRECTED, take.target]
    assert (kept.source, kept.locked) == (MaskSource.HUMAN, True)
    return decode(kept.rle)


def say_words(window: LabelWindow) -> None:
    window.say("carry it over, gently")
    press(window, "Escape", "g", "g")
    window.page.wait_for_selector(".tl-label .subtasks .block")
    press(window, "Home", "t")
    window.page.keyboard.type("reach")
    press(window, "Enter")
    window.page.wait_for_selector(".tl-label .subtasks .block:has-text('reach')")
    window.page.wait_for_selector(".tl-label .subtasks .naming input:focus")  # of the next one
    press(window, "Escape")


def test_a_whole_session_by_keys_and_mouse(
    window: LabelWindow, take: SimulatedTake, bowl: np.ndarray
) -> None:
    name = take.scene.task.destination or ""
    label_target(window, take)
    propagate(window)
    label_bowl(window, bowl, name)
    propagate(window)
    kept = correct(window, take)
    propagate(window)
    say_words(window)
    press(window, "s")
    window.page.wait_for_selector(".tl-label .success[aria-pressed=true]")
    press(window, "v")
    window.page.wait_for_selector(".tl-label .verdict:has-text('Approved')")
    said = window.labels("put").snapshot
    assert said.instruction == "carry it over, gently"
    assert (said.success, said.review) == (True, "approved")
    assert [each.name for each in said.objects] == [take.target, name]
    assert said.targets == (take.target,)
    assert said.segments[0].text == "reach"
    assert np.array_equal(decode(said.masks["front", CORRECTED, take.target].rle), kept)
    assert accuracy(take, said, "front").mean() > 0.9
    assert ("front", 0, name) in said.masks, "both ways in time"
