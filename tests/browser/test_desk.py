"""Desk in a real browser: a robot with closed brakes is prepared from the page, and the buttons at
its hand are keys."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PORT = 8443
STATION = """
robot: {{driver: panda, settings: {{address: {address}, desk: "{address}:{port}"}}}}
cameras:
  front: {{driver: simulated, width: 128, height: 128, fps: 20, settings: {{of: {address}}}}}
buttons: {{check: r, cross: Backspace}}
"""
FAULT = "document.querySelector('.tl-record .fault')"

pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="panda-python has wheels for Linux on x86-64 alone",
)


class Robot:
    """A simulated one, with a Desk."""

    def __init__(self) -> None:
        self.address = f"127.{os.getpid() % 250 + 1}.{os.getpid() // 250 % 250}.77"

    def __enter__(self) -> "Robot":
        command = [
            sys.executable,
            "-m",
            "teachloop.app.cli",
            "simulate-robot",
            "--patience",
            "0.05",
        ]
        command += ["--address", self.address, "--desk", str(PORT)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        assert "is at" in self._process.stdout.readline()
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    def press(self, button: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"kind": "press", "button": button}) + "\n")
        self._process.stdin.flush()


@pytest.fixture
def robot() -> Iterator[Robot]:
    with Robot() as robot:
        yield robot


@pytest.fixture
def server(robot: Robot, new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "station.yaml").write_text(STATION.format(address=robot.address, port=PORT))
    account = {"TEACHLOOP_DESK_USER": "franka", "TEACHLOOP_DESK_PASSWORD": "franka123"}
    server = new_server(tmp_path, account)
    server.start()
    yield server
    server.stop()


def test_a_robot_is_prepared_from_the_page_recorded_by_its_buttons_and_parked(
    robot: Robot, new_window: Callable[..., Any], tmp_path: Path
) -> None:
    window = new_window()
    page = window.page
    window.wait(f"{FAULT}.textContent.includes('Activate FCI in Desk')")
    window.drive()
    if shots := os.environ.get("TEACHLOOP_SHOTS"):
        page.screenshot(path=f"{shots}/desk-fault.png")
    page.click(".tl-record .fault .prepare")
    page.wait_for_selector(".tl-notice:has-text('FCI takes commands')")
    window.phase("ready")
    window.enabled(".tl-record button.record")
    for _ in range(20):  # until its buttons are listened for
        window.drive()
        robot.press("check")
        page.wait_for_timeout(2000)
        if "recording" in page.inner_text(".tl-station"):
            break
    window.phase("recording")
    page.wait_for_timeout(500)
    robot.press("check")
    take = window.reviewed()
    robot.press("cross")
    window.phase("ready")
    assert [row["id"] for row in window.ask("/api/takes")["takes"] if row["deleted"]] == [take]
    window.tab("setup")
    robot.press("check")
    page.wait_for_selector(".tl-notice:has-text('is the key R here')")
    if shots:
        page.screenshot(path=f"{shots}/desk-setup.png")
    page.click(".tl-setup .park")
    page.wait_for_selector(".tl-notice:has-text('FCI is off')")
    window.tab("record")
    window.wait(f"!{FAULT}.hidden")
