"""Labeling in a real browser."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskSource
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.takes.reader import Take

QUEUE = ".tl-label .queue button:has(b:text-is('{}'))"
CAPTION = (
    "document.querySelector('.tl-label [data-camera={}] figcaption').textContent.includes(given)"
)


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The take that these tests share."""
    return {}


def open_take(window: Any, take: str) -> None:
    window.tab("label")
    window.wait("document.querySelector('.tl-label .where').textContent.includes('of')")
    number = next(row["number"] for row in window.takes() if row["id"] == take)
    window.page.click(QUEUE.format(number))
    window.wait(
        "document.querySelector('.tl-label .title').textContent === given", f"Take {number}"
    )


@pytest.fixture
def label(window: Any, known: dict[str, str]) -> Any:
    """A window whose label page shows a take of the script."""
    if "take" not in known:
        known["take"] = window.record_expert()
    open_take(window, known["take"])
    return window


@pytest.fixture
def folder(label: Any, server: Any, known: dict[str, str]) -> Path:
    return server.data / "takes" / known["take"]


def said(folder: Path) -> Snapshot:
    return Labels.open(folder).snapshot


def colourful_spot(folder: Path) -> tuple[float, float]:
    """A pixel (x, y) deep inside the most colourful thing in the first front picture."""
    with Take.open(folder) as take:
        image = take.image("front", 0).astype(int)
    colour = (image.max(2) - image.min(2)).astype(np.uint8)
    depth = cv2.distanceTransform((colour > 0.7 * colour.max()).astype(np.uint8), cv2.DIST_L2, 3)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return float(x), float(y)


def click_front(window: Any, x: float, y: float) -> None:
    caption = "document.querySelector('.tl-label [data-camera=front] figcaption')"
    window.wait(f"{caption}.textContent !== ''")  # its picture is there
    box = window.page.locator(".tl-label [data-camera=front] .over").bounding_box()
    scale = min(box["width"], box["height"]) / 256
    left = box["x"] + (box["width"] - 256 * scale) / 2
    top = box["y"] + (box["height"] - 256 * scale) / 2
    window.page.mouse.click(left + (x + 0.5) * scale, top + (y + 0.5) * scale)


def saved(window: Any) -> int:
    """Wait until all is saved; the revision."""
    window.wait("document.querySelector('.tl-label .saved').textContent === 'Saved'")
    return int(window.page.get_attribute(".tl-label .saved", "data-revision"))


def test_a_click_becomes_a_mask_on_the_picture_and_on_disk(label: Any, folder: Path) -> None:
    x, y = colourful_spot(folder)
    click_front(label, x, y)
    label.wait(CAPTION.format("front"), "clicked")
    painted = label.page.evaluate(
        """(() => {
          const over = document.querySelector(".tl-label [data-camera=front] .over");
          const { data } = over.getContext("2d").getImageData(0, 0, over.width, over.height);
          const inside = data.filter((value, i) => i % 4 === 3 && value).length;
          return inside / (over.width * over.height);
        })()"""
    )
    assert 0.0005 < painted < 0.5
    assert [record.source for record in said(folder).masks.values()] == [MaskSource.HUMAN]
    assert said(folder).revision == saved(label)
    assert said(folder).targets
    (prompt,) = said(folder).prompts
    assert np.hypot(prompt.values[0] - x, prompt.values[1] - y) < 2


def test_propagation_fills_the_take_and_undo_takes_it_back(label: Any, folder: Path) -> None:
    label.page.keyboard.press("p")
    label.wait(CAPTION.format("wrist"), "propagated")
    label.page.wait_for_selector(".tl-label .progress", state="hidden")
    saved(label)
    full = len(said(folder).masks)
    assert {camera for camera, _, _ in said(folder).masks} == {"front", "wrist"}
    assert full > 40
    label.page.keyboard.press("z")
    saved(label)
    assert len(said(folder).masks) == 1
    label.page.keyboard.press("y")
    saved(label)
    label.wait("document.querySelector('.tl-label .redo').disabled")
    assert len(said(folder).masks) == full


def test_words_are_saved_and_there_after_a_reload(label: Any, known: dict[str, str]) -> None:
    words, page = "hebe den Würfel auf <b>jetzt</b> ${1+1}", label.page
    page.fill("#label-instruction", words)
    page.press("#label-instruction", "Tab")
    page.click(".tl-label .add-paraphrase")
    page.keyboard.type("拿起来")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-label .paraphrases input[aria-label='Wording 1']")
    saved(label)
    label.reload()
    open_take(label, known["take"])
    label.wait("document.querySelector('#label-instruction').value === given", words)
    assert page.input_value(".tl-label .paraphrases input") == "拿起来"


def test_arrows_scrub_and_locks_are_kept(label: Any, folder: Path) -> None:
    label.page.keyboard.press("End")
    label.page.keyboard.press("Shift+ArrowLeft")
    at, _, last = label.page.inner_text(".tl-label .where").split()
    assert int(at) == int(last) - 10
    label.page.keyboard.press("l")
    label.page.wait_for_selector(".tl-label .lock[aria-pressed=true]")
    saved(label)
    assert sum(record.locked for record in said(folder).masks.values()) == 2


def test_another_window_sees_what_was_said(label: Any, new_window: Any, folder: Path) -> None:
    other = new_window()
    open_take(other, folder.name)
    label.page.fill("#label-instruction", "said here")
    label.page.press("#label-instruction", "Tab")
    other.wait("document.querySelector('#label-instruction').value === 'said here'")
    assert saved(other) == said(folder).revision


def test_done_is_kept(label: Any, folder: Path) -> None:
    label.page.keyboard.press("Enter")
    label.wait("document.querySelector('.tl-label .queue').textContent.includes('done')")
    assert said(folder).review == "done"
