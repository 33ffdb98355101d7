"""Desk in a real browser: a robot with closed brakes is prepared from the page, and the buttons at
its hand are keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from simulated_robot import HAS_WHEELS, PATIENT, SimulatedRobot

from teachloop.simulation.controller.beside import Press
from teachloop.simulation.controller.desk import PASSWORD, USER, DeskPlace

PORT = 8443
STATION = """
robot: {{driver: panda, settings: {{address: {address}, desk: "{address}:{port}"}}}}
cameras:
  front: {{driver: simulated, width: 128, height: 128, fps: 20, settings: {{of: {address}}}}}
buttons: {{check: r, cross: Backspace}}
"""
FAULT = "document.querySelector('.tl-record .fault')"

pytestmark = pytest.mark.skipif(
    not HAS_WHEELS,
    reason="panda-python has wheels for Linux on x86-64 alone",
)


@pytest.fixture
def robot() -> Iterator[SimulatedRobot]:
    with SimulatedRobot(PATIENT, DeskPlace(port=PORT)) as robot:
        yield robot


@pytest.fixture
def server(robot: SimulatedRobot, new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "station.yaml").write_text(STATION.format(address=robot.address, port=PORT))
    account = {"TEACHLOOP_DESK_USER": USER, "TEACHLOOP_DESK_PASSWORD": PASSWORD}
    server = new_server(tmp_path, account)
    server.start()
    yield server
    server.stop()


def test_a_robot_is_prepared_from_the_page_recorded_by_its_buttons_and_parked(
    robot: SimulatedRobot, new_window: Callable[..., Any], tmp_path: Path
) -> None:
    window = new_window()
    page = window.page
    window.wait(f"{FAULT}.textContent.includes('Activate FCI in Desk')")
    window.drive()
    page.click(".tl-record .fault .prepare")
    page.wait_for_selector(".tl-notice:has-text('FCI takes commands')")
    window.phase("ready")
    window.enabled(".tl-record button.record")
    for _ in range(20):  # until its buttons are listened for
        window.drive()
        robot.happen(Press(button="check"))
        page.wait_for_timeout(2000)
        if "recording" in page.inner_text(".tl-station"):
            break
    window.phase("recording")
    page.wait_for_timeout(500)
    robot.happen(Press(button="check"))
    take = window.reviewed()
    robot.happen(Press(button="cross"))
    window.phase("ready")
    assert [row["id"] for row in window.ask("/api/takes")["takes"] if row["deleted"]] == [take]
    window.tab("setup")
    robot.happen(Press(button="check"))
    page.wait_for_selector(".tl-notice:has-text('is the key R here')")
    page.click(".tl-setup .park")
    page.wait_for_selector(".tl-notice:has-text('FCI is off')")
    window.tab("record")
    window.wait(f"!{FAULT}.hidden")
