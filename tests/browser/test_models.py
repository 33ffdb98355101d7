"""Weights in a real browser: named, refused, fetched from a server of this machine, removed."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from drawn_takes import draw_take
from file_server import CHUNK, FileServer
from label_window import LabelWindow
from made_up_methods import SIZED
from tiny_language_model import save_language_model
from tiny_sam3 import save_tiny_sam3

from teachloop.datasets.labels.masks import decode
from teachloop.datasets.takes.reader import Take
from teachloop.labeler.finders.sam3.finder import Sam3Finder

METHODS = Path(__file__).parents[1] / "labeler"
LARGE = b"9".rjust(60 * CHUNK)  # which Python reads as the number
SMALL = b"7"


def published(files: FileServer, about: str, content: bytes, *packages: str) -> dict[str, object]:
    files.files[f"/{about}.txt"] = content
    return {
        "method": "sized",
        "about": about,
        "size": len(content),
        "licence": "MIT",
        "packages": packages,
        "url": f"{files.url}/{about}.txt",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.fixture(scope="module")
def files() -> Iterator[FileServer]:
    """Where weights are published."""
    files = FileServer()
    with files.running():
        yield files


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    files: FileServer,
) -> Iterator[Any]:
    """One take, and a segmenter that has no weights yet."""
    data = tmp_path_factory.mktemp("models")
    weights = [
        published(files, "small", SMALL),
        published(files, "large", LARGE),
        published(files, "strange", SMALL, "nobody_makes_this"),
    ]
    settings = {"segmenters": {"sized": SIZED}, "published": weights}
    (data / "labeler.json").write_text(json.dumps(settings))
    (data / "five").write_text("5")
    draw_take(data, "one", labeled=False)
    path = os.pathsep.join([str(METHODS), *filter(None, [os.environ.get("PYTHONPATH")])])
    server = new_server(data, {"PYTHONPATH": path})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def setup(window: Any) -> Any:
    """A window that shows Set-up; nothing is named, and nothing was fetched."""
    window.page.keyboard.press("6")
    said(window, "sized", "No weights")
    return window


def row(window: Any, model: str) -> Any:
    return window.page.locator(f".tl-setup .models li[data-model={model}]")


def press(window: Any, name: str, model: str = "sized") -> None:
    row(window, model).get_by_role("button", name=name, exact=name == "Use").click()


def said(window: Any, model: str, words: str) -> None:
    """Wait until the row of a method says it."""
    text = f"document.querySelector('.tl-setup .models li[data-model={model}]')?.innerText"
    window.wait(f"{text}?.includes(given)", words)


def choose(window: Any, about: str) -> None:
    row(window, "sized").get_by_label("Weights for sized").select_option(label=about)


def named(server: Any) -> dict[str, str]:
    return json.loads((server.data / "labeler.json").read_text()).get("weights", {})


def forget(window: Any) -> None:
    press(window, "Forget")
    said(window, "sized", "No weights")


def remove(window: Any) -> None:
    press(window, "Remove")
    window.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    said(window, "sized", "No weights")


def segmenters(window: Any) -> list[str]:
    return window.page.locator(".tl-label .segmenter option").all_inner_texts()


def test_each_method_says_what_it_has(setup: Any) -> None:
    said(setup, "classical", "Built in")
    said(setup, "segment-anything", "Needs weights of SAM's ViT-B, L or H")
    said(setup, "segment-anything", "Fetch (375 MB, Apache-2.0)")
    row(setup, "segment-anything").get_by_role("combobox").select_option(label="ViT-H")
    said(setup, "segment-anything", "Fetch (2.56 GB, Apache-2.0)")
    assert row(setup, "classical").get_by_role("button").count() == 0


def test_a_file_is_named_by_keyboard_and_offered_without_a_restart(setup: Any, server: Any) -> None:
    keyboard = setup.page.keyboard
    row(setup, "sized").get_by_role("combobox").focus()
    for _ in range(2):
        keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.type("/nowhere")
    keyboard.press("Enter")
    said(setup, "sized", "/nowhere is no side of a square.")
    assert named(server) == {}
    keyboard.press("Control+a")
    keyboard.type(str(server.data / "five"))
    keyboard.press("Enter")
    said(setup, "sized", "1 bytes · named in labeler.json")
    assert named(server) == {"sized": str(server.data / "five")}
    setup.tab("label")
    setup.wait("document.querySelectorAll('.tl-label .segmenter option').length === 2")
    assert segmenters(setup) == ["classical", "sized"]
    setup.tab("setup")
    forget(setup)
    assert named(server) == {}
    assert (server.data / "five").exists()


def test_the_key_leads_to_the_card_and_escape_out_of_its_form(setup: Any) -> None:
    setup.page.keyboard.press("m")
    setup.wait("document.activeElement.closest('.models') !== null")
    press(setup, "Use a file…")
    setup.wait("document.activeElement.matches('.models .own input')")
    setup.page.keyboard.press("Escape")
    setup.wait("document.activeElement.textContent === 'Use a file…'")


def test_weights_are_fetched_used_and_removed(setup: Any, server: Any) -> None:
    choose(setup, "small")
    press(setup, "Fetch (1 bytes, MIT)")
    said(setup, "sized", "1 bytes · MIT · named in labeler.json")
    path = server.data / "models" / "small.txt"
    assert named(server) == {"sized": str(path)}
    assert path.read_bytes() == SMALL
    remove(setup)
    assert not path.exists()
    assert named(server) == {}


def test_a_fetch_shows_how_far_it_is_and_goes_on_after_a_cancel(
    setup: Any, server: Any, files: FileServer
) -> None:
    files.chunk_s = 0.1
    choose(setup, "large")
    press(setup, "Fetch (4 MB, MIT)")
    bar = "document.querySelector('.tl-setup li[data-model=sized] progress')"
    setup.wait(f"{bar}.value > 0.05")
    said(setup, "sized", "of 4 MB")
    press(setup, "Cancel")
    said(setup, "sized", "Fetch the rest")
    assert not (server.data / "models" / "large.txt").exists()
    files.chunk_s = 0.0
    setup.reload()
    setup.tab("setup")
    choose(setup, "large")
    press(setup, "Fetch the rest")
    said(setup, "sized", "4 MB · MIT · named in labeler.json")
    assert files.asked[-1][1].startswith("bytes=")
    assert (server.data / "models" / "large.txt").read_bytes() == LARGE
    remove(setup)


def test_what_was_fetched_is_used_again_with_a_click(setup: Any, server: Any) -> None:
    choose(setup, "small")
    press(setup, "Fetch")
    said(setup, "sized", "small.txt")
    press(setup, "Use a file…")
    row(setup, "sized").get_by_label("File, folder or hub id").fill(str(server.data / "five"))
    setup.page.keyboard.press("Enter")
    said(setup, "sized", "five")
    press(setup, "Use")
    said(setup, "sized", "small.txt")
    remove(setup)


def test_what_goes_wrong_is_one_sentence_in_the_row(setup: Any, files: FileServer) -> None:
    choose(setup, "small")
    files.files["/small.txt"] = b"8"
    press(setup, "Fetch")
    said(setup, "sized", "is not what was published: its hash is another")
    files.statuses = [404]
    press(setup, "Fetch")
    said(setup, "sized", "answers 404: it is not there")
    files.files["/small.txt"] = SMALL


def test_where_their_packages_are_missing_it_is_said_and_nothing_is_asked_for(
    setup: Any, server: Any, files: FileServer
) -> None:
    before = len(files.asked)
    choose(setup, "strange")
    press(setup, "Fetch")
    said(setup, "sized", "needs more than is installed")
    said(setup, "sized", "pip install -c constraints.txt nobody_makes_this")
    assert len(files.asked) == before
    assert named(server) == {}


def test_a_labeler_that_ended_is_said_and_started_again(setup: Any, server: Any) -> None:
    children = psutil.Process(server.process.pid).children(recursive=True)
    (labeler,) = [each for each in children if "teachloop.app.processes.labeler" in each.cmdline()]
    labeler.kill()
    away = setup.page.locator(".tl-setup .models .away")
    away.wait_for(state="visible")
    assert "was killed" in away.inner_text()
    away.get_by_role("button", name="Start it again").click()
    away.wait_for(state="hidden")
    setup.wait("document.querySelector('.tl-setup .models .problem').textContent === ''")


def test_what_finding_by_name_needs_is_said_and_then_it_finds(window: Any, server: Any) -> None:
    """SAM 3, tiny and with random weights: it finds something, which means nothing."""
    label = LabelWindow(window, server.data)
    label.show("one")
    button = window.page.locator(".tl-label .panel .find")
    assert "needs SAM 3" in (button.get_attribute("title") or "")
    window.page.keyboard.press("=")
    notice = window.page.locator(".tl-notice", has_text="Finding an object by its name needs SAM 3")
    notice.get_by_role("link", name="Set-up, Models").click()
    said(window, "sam3", "No weights")
    said(window, "sam3", "Fetch (3.44 GB, SAM License, gated)")
    at = "document.activeElement.closest('[data-model]')?.dataset.model === 'sam3'"
    window.wait(at)
    window.page.screenshot(path=server.data / "models-sam3.png")
    folder = save_tiny_sam3(server.data / "tiny-sam3")
    press(window, "Use a file…", "sam3")
    row(window, "sam3").get_by_label("File, folder or hub id").fill(str(folder))
    window.page.keyboard.press("Enter")
    said(window, "sam3", "named in labeler.json")
    window.tab("label")
    window.wait("!document.querySelector('.tl-label .panel .find').title.includes('needs')")
    window.page.keyboard.press("=")
    label.caption("found “red square”")
    window.page.keyboard.press("Enter")
    label.caption("found by sam3 as “red square”")
    masks = label.labels("one").snapshot.masks
    with Take.open(server.data / "takes" / "one") as take:
        found = Sam3Finder(str(folder)).find(take.image("front", 0), "red square")
    record = masks["front", 0, "red square"]
    assert np.mean(decode(record.rle) != found[0].mask) < 1e-3
    assert record.confidence == pytest.approx(found[0].score, abs=1e-5)
    window.page.keyboard.press("z")
    window.page.keyboard.press("6")
    press(window, "Forget", "sam3")
    said(window, "sam3", "No weights")


def test_a_language_model_has_a_row_of_its_own(setup: Any, server: Any) -> None:
    said(setup, "language-model", "paraphrases")
    said(setup, "language-model", "Fetch (988 MB, Apache-2.0)")
    press(setup, "Use a file…", "language-model")
    field = row(setup, "language-model").get_by_label("File, folder or hub id")
    field.fill(str(server.data))
    setup.page.keyboard.press("Enter")
    said(
        setup,
        "language-model",
        "is no checkpoint of a causal language model: it has no config.json",
    )
    assert named(server) == {}
    folder = save_language_model(server.data / "their-model")
    field.fill(str(folder))
    setup.page.keyboard.press("Enter")
    said(setup, "language-model", "named in labeler.json")
    setup.tab("label")
    choice = ".tl-label .paraphraser option[value=language-model]"
    setup.page.wait_for_selector(choice, state="attached")
    setup.tab("setup")
    press(setup, "Forget", "language-model")
    said(setup, "language-model", "No weights")
