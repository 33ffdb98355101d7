"""Masks and takes exported from the Data page, and pictures imported there."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from drawn_takes import SIDE, draw_take
from fuzzing.robosuite_file import STEPS as DEMO_STEPS
from fuzzing.robosuite_file import WORDS, write_file
from fuzzing.saved_demo import CUP, PLACE, SENTENCES, STEPS, save_demo
from label_window import TEST_PICTURES
from mcap_files import McapFile
from other_lerobot import STEPS as LEROBOT_STEPS
from other_lerobot import write_v21
from PIL import Image
from rlds_files import RldsFiles

from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.labels.edits import SetMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.folder import submit
from teachloop.training.export_config import LeRobotExportConfig

EXPORT = ".tl-data .export.masks"
TAKES = ".tl-data .export.takes"
OUTCOME = f"document.querySelector('{EXPORT} .outcome').textContent"
START = f"document.querySelector('{EXPORT} .start').textContent"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("export")
    for name in ("one", "two"):
        draw_take(data, name, task=f"task {name}")
    half = np.zeros((SIDE, SIDE))
    half[20:34, 10:17] = 1  # of the square that was labelled in the first frame
    record = MaskRecord(rle=encode(half), source=MaskSource.HUMAN)
    labels = Labels.open(data / "takes" / "two")
    labels.apply([SetMask("front", 0, "red square", record)], 1, "Grace")
    draw_take(data, "bare", labeled=False, success=True)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


def test_marked_takes_are_exported_by_keys_and_the_page_says_where(
    window: Any, server: Any
) -> None:
    page = window.page
    window.tab("data")
    window.wait(f"{START}.includes('2 takes')")
    page.click(".tl-data tr[data-take=two] button")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('Take')")
    window.blur()
    page.keyboard.press("m")
    window.wait(f"{START}.includes('1 take ')")
    page.select_option(f"{EXPORT} .format", "png")
    window.blur()
    page.keyboard.press("x")
    window.wait(f"{OUTCOME}.startsWith('40 masks in 40 frames')")
    (folder,) = (server.data / "exports").glob("*-export-masks-*")
    assert str(folder) in page.inner_text(f"{EXPORT} .outcome")
    legend = json.loads((folder / "legend.json").read_text())
    assert {Path(name).parts[1] for name in legend["pictures"]} == {"two"}


def test_why_no_take_is_exported_is_said(window: Any) -> None:
    page = window.page
    window.tab("data")
    page.wait_for_selector(f"{TAKES} .start:has-text('Export 1 take')")
    page.wait_for_selector(f"{TAKES} .none", state="hidden")
    page.fill(".tl-data .search", "task")
    page.wait_for_selector(f"{TAKES} .start:disabled")
    page.wait_for_selector(f"{TAKES} .none:has-text('None of these takes is judged a success')")
    page.fill(".tl-data .search", "no such take anywhere")
    page.wait_for_selector(f"{TAKES} .none", state="hidden")


def test_takes_are_exported_for_lerobot_by_keys(window: Any, server: Any) -> None:
    page = window.page
    window.tab("data")
    page.wait_for_selector(f"{TAKES} .start:has-text('Export 1 take')")  # it succeeded
    page.check(".tl-data tr[data-take=two] input")
    page.check(".tl-data tr[data-take=bare] input")
    page.wait_for_selector(f"{TAKES} .start:has-text('Export 2 takes')")
    page.select_option(f"{TAKES} .actions", "deltas")
    page.select_option(f"{TAKES} .rate", "10")
    page.fill(f"{TAKES} .cameras", "front, top")
    window.blur()
    page.keyboard.press("e")
    page.wait_for_selector(".tl-notice:has-text('has no camera top')")
    page.fill(f"{TAKES} .cameras", "front")
    window.blur()
    page.keyboard.press("e")
    page.wait_for_selector(f"{TAKES} .outcome:has-text('2 episodes of 20 frames')")
    shown = page.inner_text(f"{TAKES} .outcome")
    (folder,) = (server.data / "exports").glob("*-export-takes-*")
    assert str(folder) in shown
    info = json.loads((folder / "meta" / "info.json").read_text())
    assert (info["fps"], info["features"]["action"]["shape"]) == (10, [7])
    for name in ("two", "bare"):
        page.uncheck(f".tl-data tr[data-take={name}] input")


def test_takes_are_exported_for_robomimic_by_keys(window: Any, server: Any) -> None:
    page = window.page
    window.tab("data")
    page.check(".tl-data tr[data-take=two] input")
    page.check(".tl-data tr[data-take=bare] input")
    assert page.locator(f"{TAKES} .next").is_hidden()
    page.select_option(f"{TAKES} .format", "robomimic")
    page.wait_for_selector(f"{TAKES} .actions", state="hidden")
    page.select_option(f"{TAKES} .next", label="Without next")
    page.select_option(f"{TAKES} .rate", "5")
    page.select_option(f"{TAKES} .size", "84 84")
    page.fill(f"{TAKES} .cameras", "front")
    window.blur()
    page.keyboard.press("e")
    page.wait_for_selector(f"{TAKES} .outcome:has-text('2 episodes of 12 frames')")
    (path,) = (server.data / "exports").glob("*/dataset.hdf5")
    assert str(path.parent) in page.inner_text(f"{TAKES} .outcome")
    with h5py.File(path) as file:
        pictures = np.asarray(file["data/demo_1/obs/front_image"])
        assert "data/demo_1/next_obs/front_image" not in file
    assert pictures.shape == (6, 84, 84, 3)
    page.select_option(f"{TAKES} .format", "lerobot")
    page.wait_for_selector(f"{TAKES} .actions")
    assert page.locator(f"{TAKES} .next").is_hidden()
    for name in ("two", "bare"):
        page.uncheck(f".tl-data tr[data-take={name}] input")


def written(folder: Path, pattern: str) -> Path:
    """The only file of that kind, once it is there: before it, the page shows an earlier export."""
    end = time.monotonic() + 60
    while not (found := [*folder.glob(pattern)]) and time.monotonic() < end:
        time.sleep(0.1)
    (only,) = found
    return only


def test_takes_are_exported_as_rlds_by_keys(window: Any, server: Any) -> None:
    page = window.page
    window.tab("data")
    page.check(".tl-data tr[data-take=two] input")
    page.check(".tl-data tr[data-take=bare] input")
    assert page.locator(f"{TAKES} .name").is_hidden()
    page.select_option(f"{TAKES} .format", "rlds")
    page.wait_for_selector(f"{TAKES} .name")
    assert page.locator(f"{TAKES} :is(.actions, .next)").evaluate_all(
        "each => each.every(one => one.hidden)"
    )
    page.select_option(f"{TAKES} .rate", "5")
    page.select_option(f"{TAKES} .size", "224 224")
    page.fill(f"{TAKES} .cameras", "front")
    page.fill(f"{TAKES} .name", "My cubes")
    window.blur()
    page.keyboard.press("e")
    page.wait_for_selector(".tl-notice:has-text('small letters, digits and _')")
    page.fill(f"{TAKES} .name", "cubes")
    window.blur()
    page.keyboard.press("e")
    info = written(server.data / "exports", "[!.]*/cubes/1.0.0/dataset_info.json")
    page.wait_for_selector(f"{TAKES} .outcome:has-text('{info.parents[2]}')")
    assert "2 episodes of 12 frames" in page.inner_text(f"{TAKES} .outcome")
    files = RldsFiles(info.parents[2], "cubes")
    assert {image.shape for image in files.images("image")} == {(224, 224, 3)}
    assert files.column("steps/action", 0, "val").shape == (6, 7)
    page.select_option(f"{TAKES} .format", "lerobot")
    page.wait_for_selector(f"{TAKES} .actions")
    assert page.locator(f"{TAKES} .name").is_hidden()
    for name in ("two", "bare"):
        page.uncheck(f".tl-data tr[data-take={name}] input")


def test_takes_are_exported_as_mcap_by_keys(window: Any, server: Any) -> None:
    page = window.page
    window.tab("data")
    page.check(".tl-data tr[data-take=two] input")
    page.select_option(f"{TAKES} .format", "mcap")
    page.wait_for_selector(f"{TAKES} .rate", state="hidden")
    assert page.locator(f"{TAKES} :is(.actions, .next, .name, .size)").evaluate_all(
        "each => each.every(one => one.hidden)"
    )
    page.fill(f"{TAKES} .cameras", "front")
    window.blur()
    page.keyboard.press("e")
    path = written(server.data / "exports", "[!.]*/two.mcap")
    page.wait_for_selector(f"{TAKES} .outcome:has-text('{path.parent}')")
    assert "1 episode of 20 frames" in page.inner_text(f"{TAKES} .outcome")
    assert len(McapFile(path).of("/cameras/front/masks")) == 20
    page.select_option(f"{TAKES} .format", "lerobot")
    page.wait_for_selector(f"{TAKES} .rate")
    page.uncheck(".tl-data tr[data-take=two] input")


def test_an_export_that_was_stopped_goes_on_by_a_click(window: Any, server: Any) -> None:
    page = window.page
    config = LeRobotExportConfig(takes=("one",), options=LeRobotOptions(rate_hz=10))
    stopped = submit(server.data, "export-takes", config)
    stopped.update(state="cancelled", message="Cancelled.")
    window.tab("data")
    page.wait_for_selector(f"{TAKES} .outcome:has-text('What was made of takes is kept')")
    page.click(f"{TAKES} .resume")
    page.wait_for_selector(f"{TAKES} .outcome:has-text('1 episode of 10 frames')")
    assert page.locator(f"{TAKES} .resume").is_hidden()


def test_a_mark_is_a_click_and_chooses_no_take(window: Any) -> None:
    page = window.page
    window.tab("data")
    window.wait(f"{START}.includes('2 takes')")
    page.check(".tl-data tr[data-take=one] input")
    window.wait(f"{START}.includes('1 take ')")
    assert page.inner_text(".tl-data .title") == "No take chosen"
    page.uncheck(".tl-data tr[data-take=one] input")
    window.wait(f"{START}.includes('2 takes')")


def test_who_labelled_a_take_and_how_far_two_agree_stands_beside_it(window: Any) -> None:
    page = window.page
    window.tab("data")
    page.click(".tl-data tr[data-take=one] button")
    page.wait_for_selector(".tl-data .facts dd:has-text('test 0 s, 1 change')")
    assert page.locator(".tl-data .facts dt:text-is('Agreement')").count() == 0
    page.click(".tl-data tr[data-take=two] button")
    page.wait_for_selector(".tl-data .facts dd:has-text('IoU 0.50 on 1 mask of two people')")


def test_pictures_are_imported_by_keys_and_labelled(
    window: Any, server: Any, tmp_path: Path
) -> None:
    page = window.page
    Image.fromarray(np.full((64, 64, 3), 90, np.uint8)).save(tmp_path / "one.png")
    (tmp_path / "one.txt").write_text("find the grey wall")
    window.tab("data")
    page.wait_for_selector(".tl-data tbody tr")
    window.blur()
    page.keyboard.press("i")
    page.wait_for_selector(".tl-data .import .source:focus")
    page.keyboard.type(str(tmp_path / "none"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('is no folder of pictures')")
    page.fill(".tl-data .import .source", str(tmp_path))
    page.keyboard.press("Enter")
    page.wait_for_selector(
        ".tl-data .import .outcome:has-text('1 picture with 0 masks, as 1 take')"
    )
    page.click(".tl-data tbody tr:has-text('find the grey wall') button")
    page.wait_for_selector(".tl-data .facts dd:has-text('pictures alone')")
    window.blur()
    page.keyboard.press("l")
    window.wait("document.querySelector('#label-instruction').value === 'find the grey wall'")
    page.wait_for_selector(".tl-label [data-camera=pictures] .picture")
    assert [row["task"] for row in window.takes()].count(tmp_path.name) == 1


def test_takes_of_others_are_imported_by_keys_played_and_say_where_they_are_from(
    window: Any, tmp_path: Path
) -> None:
    page = window.page
    save_demo(tmp_path)
    broken = save_demo(tmp_path, PLACE.with_name("episode1"))
    (broken / "low_dim_obs.pkl").write_bytes(b"cposix\nsystem\n.")
    window.tab("data")
    page.wait_for_selector(".tl-data tbody tr")
    window.blur()
    page.keyboard.press("i")
    page.wait_for_selector(".tl-data .import .source:focus")
    page.keyboard.press("Control+a")
    page.keyboard.type(str(tmp_path))
    page.keyboard.press("Enter")
    outcome = ".tl-data .import .outcome"
    page.wait_for_selector(f"{outcome}:has-text('1 take imported.')")
    assert "episode1: low_dim_obs.pkl cannot be read: it asks for" in page.inner_text(outcome)
    page.click(f".tl-data tbody tr:has-text('{SENTENCES[0]}') button")
    page.wait_for_selector(f".tl-data .facts dd:has-text('rlbench: {PLACE}')")
    page.wait_for_selector(".tl-data .facts dd:has-text('the pose that the next step reached')")
    page.wait_for_selector(".tl-data [data-camera=wrist] .picture")
    last = "document.querySelector('.tl-data .playback input').max"
    window.wait(f"{last} === given", str(STEPS - 2))  # the last step has no target
    page.click(".tl-data .import .start")
    page.wait_for_selector(f"{outcome}:has-text('1 episode had been imported before.')")
    (row,) = [each for each in window.takes() if each["instruction"] == SENTENCES[0]]
    assert row["success"] is True


def test_what_a_format_does_not_tell_is_asked_for_where_it_is_chosen(
    window: Any, tmp_path: Path
) -> None:
    page, card = window.page, ".tl-data .import"
    window.tab("data")
    page.wait_for_selector(".tl-data tbody tr")
    assert page.locator(f"{card} .told:visible").count() == 0
    page.fill(f"{card} .source", str(write_file(tmp_path / "lift.hdf5", demos=3)))
    page.select_option(f"{card} .format", "robomimic")
    assert page.locator(f"{card} .told:visible").count() == 1
    page.fill(f"{card} .filter", "best")
    page.click(f"{card} .start")
    page.wait_for_selector(".tl-notice:has-text(\"has no filter key 'best'\")")
    page.fill(f"{card} .filter", "valid")
    page.click(f"{card} .start")
    page.wait_for_selector(f"{card} .outcome:has-text('1 take imported.')")
    page.click(f".tl-data tbody tr:has-text('{WORDS}') button")
    page.wait_for_selector(".tl-data .facts dd:has-text('robomimic: demo_0 of lift.hdf5')")
    page.wait_for_selector(".tl-data .facts dd:has-text('-0.560, 0.100, 0.912 m')")
    page.wait_for_selector(".tl-data [data-camera=agentview] .picture")
    last = "document.querySelector('.tl-data .playback input').max"
    window.wait(f"{last} === given", str(DEMO_STEPS - 1))


def taken_from(window: Any, place: str) -> str:
    """The take of an episode whose place ends so, once it is there."""
    for _ in range(240):
        if found := [row["id"] for row in window.takes() if row["source"].endswith(place)]:
            return found[0]
        window.page.wait_for_timeout(500)
    raise AssertionError(window.page.inner_text(".tl-data .import .outcome"))


def test_handles_and_columns_are_told_beside_the_folder(
    window: Any, server: Any, tmp_path: Path
) -> None:
    page, card = window.page, ".tl-data .import"
    demo = save_demo(tmp_path / "rlbench", PLACE.with_name("episode5"))
    (demo / "front_rgb" / "0.png").write_bytes((demo / "front_rgb" / "3.png").read_bytes())
    window.tab("data")
    page.wait_for_selector(".tl-data tbody tr")
    page.fill(f"{card} .source", str(tmp_path / "rlbench"))
    page.select_option(f"{card} .format", "rlbench")
    page.fill(f"{card} .handles", f"{CUP} red cup, 17")
    page.click(f"{card} .start")
    page.wait_for_selector(".tl-notice:has-text('options.handles')")
    page.fill(f"{card} .handles", f"{CUP} red cup")
    page.click(f"{card} .start")
    take = taken_from(window, "episode5")
    assert Labels.open(server.data / "takes" / take).snapshot.targets == ("red cup",)
    write_v21(tmp_path / "drawer", {"observation.state": np.zeros((LEROBOT_STEPS, 8))})
    page.fill(f"{card} .source", str(tmp_path / "drawer"))
    page.select_option(f"{card} .format", "lerobot")
    page.fill(f"{card} .joints", "observation.state")
    page.fill(f"{card} .gripper", "observation.state:7")
    page.select_option(f"{card} .tells", "open")
    page.select_option(f"{card} .arm", "fr3")
    page.click(f"{card} .start")
    take = taken_from(window, "of drawer")
    with Take.open(server.data / "takes" / take) as made:
        assert (made.info.kind, made.info.arm) == ("demonstration", "fr3")
        assert made.info.gripper is not None
