"""A camera is calibrated on Set-up: the arm is driven, views are taken, its place is saved."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from board_camera import PLACE

from teachloop.geometry.poses import farthest_apart

STATION = """
robot: {driver: simulated}
cameras:
  front: {driver: simulated, width: 256, height: 256, fps: 20}
  beside:
    {driver: "board_camera:BoardCamera", process: simulation, width: 640, height: 480, fps: 20}
"""
HERE = Path(__file__).parent
PANEL = ".tl-setup .calibration"
TEXT = "document.querySelector('.tl-setup .calibration {}').textContent.includes(given)"
VIEWS = "document.querySelectorAll('.tl-setup .calibration .taken li').length === given"
# Keys that are held, and for how many seconds, from each view to the next.
WAYS = [
    ("", 0.0), ("d", 0.3), ("ArrowUp", 0.3), ("a", 0.5), ("ArrowLeft", 0.35), ("w", 0.3),
    ("ArrowDown", 0.55), ("d", 0.4), ("ArrowRight", 0.6), ("s", 0.4), ("q", 0.25),
    ("ArrowUp", 0.4), ("ArrowLeft", 0.25), ("a", 0.3),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A station whose second camera sees a board in the hand."""
    data = tmp_path_factory.mktemp("board")
    (data / "station.yaml").write_text(STATION)
    paths = [str(HERE), str(HERE.parent / "recorder"), os.environ.get("PYTHONPATH", "")]
    server = new_server(data, {"PYTHONPATH": os.pathsep.join(filter(None, paths))})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def panel(window: Any) -> Any:
    """A window in which that camera is about to be calibrated."""
    window.page.keyboard.press("6")
    window.page.click(".tl-setup .of-cameras button >> nth=1")
    window.enabled(".tl-setup .calibrate")
    window.page.keyboard.press("k")
    window.page.wait_for_selector(f"{PANEL} .camera")
    return window


def take_view(window: Any, number: int) -> None:
    """As a person does: again, where the arm still moved."""
    for _ in range(10):
        window.enabled(f"{PANEL} .view")
        window.page.keyboard.press("v")
        window.enabled(f"{PANEL} .view")
        if window.page.locator(f"{PANEL} .taken li").count() == number:
            return
        said = window.page.inner_text(f"{PANEL} .problem")
        assert "moves" in said, said
        window.page.wait_for_timeout(300)
    raise AssertionError("The arm never stood still.")


def test_a_camera_that_knows_its_place_by_itself_is_not_calibrated(window: Any) -> None:
    window.page.keyboard.press("6")
    window.page.click(".tl-setup .of-cameras button >> nth=0")
    window.enabled(".tl-setup .calibrate")
    window.page.keyboard.press("k")
    notice = window.page.wait_for_selector(".tl-notice.bad")
    assert "The driver of camera 'front' cannot be told where it is." in notice.inner_text()
    assert not window.page.is_visible(PANEL)


def test_the_board_is_printed_with_its_size_and_a_wrong_one_is_refused(panel: Any) -> None:
    href = panel.page.get_attribute(f"{PANEL} .print", "href")
    answer = panel.page.request.get(f"{panel.page.url.rstrip('/')}{href}")
    assert answer.headers["content-type"] == "application/pdf"
    assert "240 × 180 mm".encode("latin-1") in answer.body()
    panel.page.fill(f"{PANEL} [data-field='calibration.marker_mm'] input", "29")
    panel.page.keyboard.press("Tab")
    panel.wait(TEXT.format(".problem"), "50 to 90 % of square_mm")
    panel.blur()
    panel.page.keyboard.press("Escape")
    panel.wait("document.querySelector('.tl-setup .calibration').hidden")


def test_a_camera_is_calibrated_and_its_place_is_saved_once_it_is_accepted(
    panel: Any, server: Any
) -> None:
    page = panel.page
    panel.wait(TEXT.format(".hint"), "35 of 35 corners are seen")
    page.keyboard.press("p")
    panel.phase("practising")
    for number, (key, seconds) in enumerate(WAYS, 1):
        if key:
            panel.hold([key], seconds)
        take_view(panel, number)
        if number == 3:
            page.keyboard.press("v")
            panel.wait(TEXT.format(".problem"), "The hand stands where it stood for view 3")
            page.keyboard.press("f")
            panel.wait(TEXT.format(".problem"), "too few views, 3: take at least 8")
    panel.wait(TEXT.format(".coverage"), "14 views")
    page.keyboard.press("Backspace")
    panel.wait(VIEWS, 13)
    before = (Path(server.data) / "station.yaml").read_text("utf-8")
    page.keyboard.press("f")
    panel.wait(TEXT.format(".result"), "m in the base's frame, known to")
    shots = os.environ.get("TEACHLOOP_SHOTS")
    if shots:
        page.screenshot(path=f"{shots}/light.png")
        page.keyboard.press("0")
        page.wait_for_timeout(500)
        page.screenshot(path=f"{shots}/dark.png")
        page.keyboard.press("0")
    assert (Path(server.data) / "station.yaml").read_text("utf-8") == before
    page.keyboard.press("Enter")
    panel.wait("document.querySelector('.tl-setup .calibration').hidden")
    told = saved(server)
    metres, radians = farthest_apart(PLACE[None], np.array(told["pose"])[None])
    assert metres < 0.002
    assert np.degrees(radians) < 0.2
    assert told["mount"] == "base"
    assert told["measured"]["views"] == 13
    assert told["measured"]["residual_px"] < 0.5
    measured = page.wait_for_selector(".tl-setup .device .measured").inner_text()
    assert "with 13 views" in measured


def saved(server: Any) -> dict[str, Any]:
    """What the camera's driver is told."""
    settings = yaml.safe_load((Path(server.data) / "station.yaml").read_text("utf-8"))
    return settings["cameras"]["beside"]["settings"]


def test_takes_have_the_place_once_the_station_is_started_again(window: Any, server: Any) -> None:
    window.page.keyboard.press("6")
    window.wait("!document.querySelector('.tl-setup .restart').hidden")
    window.page.keyboard.press("r")
    window.wait("document.querySelector('.tl-setup .restart').hidden")
    deadline = time.monotonic() + 60
    while not (camera := beside(window)).get("calibrated"):
        assert time.monotonic() < deadline
        window.page.wait_for_timeout(200)
    assert np.array(camera["pose"]) == pytest.approx(np.array(saved(server)["pose"]))


def test_how_late_its_pictures_come_is_measured_by_takes(panel: Any, server: Any) -> None:
    page, note = panel.page, ".late .note"
    page.keyboard.press("l")
    panel.wait(TEXT.format(note), "No take shows clearly enough how late beside is.")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("r")
    panel.phase("recording")
    for keys in ("d", "a", "q", "e", "d", "a"):
        panel.hold(keys, 0.7)
        page.wait_for_timeout(300)
    page.keyboard.press("r")
    panel.phase("review")
    panel.decide("Enter")
    page.keyboard.press("6")
    page.keyboard.press("k")
    page.wait_for_selector(f"{PANEL} .camera")
    page.keyboard.press("l")
    panel.wait(TEXT.format(note), "ms after the robot's state, ±")
    if shots := os.environ.get("TEACHLOOP_SHOTS"):
        page.screenshot(path=f"{shots}/delay.png")
    assert -60 < saved(server)["delay_ms"] < 200
    assert saved(server)["pose"], "what was measured before stays"


def beside(window: Any) -> dict[str, Any]:
    """What the station says of the camera; nothing while it starts again."""
    answer = window.ask("/api/station/calibrations")
    return answer.get("cameras", {}).get("beside", {})
