"""A robot without a gripper in a real browser: nothing of one is shown, and takes are recorded."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from teachloop.datasets.takes.reader import Take

STATION = """
robot: {driver: simulated, tool: {position_m: [0, 0, 0.12]}}
gripper: {driver: none}
cameras:
  front: {driver: simulated, width: 128, height: 128, fps: 20}
"""
CARD = ".tl-setup .gripper small"


@pytest.fixture
def server(new_server: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "station.yaml").write_text(STATION)
    server = new_server(tmp_path)
    server.start()
    yield server
    server.stop()


def test_what_is_not_there_is_not_shown(new_window: Callable[..., Any], tmp_path: Path) -> None:
    window = new_window()
    page = window.page
    window.rest()
    window.wait("document.querySelector('.tl-record .speed-now').textContent.includes('cm/s')")
    assert not page.locator(".tl-record .of-gripper").is_visible()
    assert not page.locator(".tl-record .of-gripper-key").is_visible()
    assert page.locator(".tl-record [data-held=w]").is_visible()
    page.keyboard.press("?")
    page.wait_for_selector("dialog .columns")
    assert "Gripper" not in page.inner_text("dialog .columns section")
    page.keyboard.press("?")
    page.keyboard.press("r")
    window.phase("recording")
    page.keyboard.press("g")
    page.keyboard.down("d")
    page.wait_for_timeout(700)
    page.keyboard.up("d")
    page.keyboard.press("r")
    take = window.reviewed()
    page.keyboard.press("Enter")
    window.phase("ready")
    with Take.open(tmp_path / "takes" / take) as opened:
        assert opened.info.gripper is None
        assert opened.robot.gripper_width_m is None
        moved = opened.robot.ee_pose[-1, :3, 3] - opened.robot.ee_pose[0, :3, 3]
        assert moved[1] > 0.03
    detail = window.ask(f"/api/takes/{take}")
    assert detail["gripper_width_m"] is None
    window.tab("label")
    window.wait("document.querySelector('.tl-label canvas[aria-valuemax]') !== null")
    window.tab("setup")
    window.wait(
        "document.querySelector('.tl-setup .gripper small')?.textContent.includes('nothing')"
    )
