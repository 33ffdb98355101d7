"""A camera that was pushed aside is noticed at the first take, in a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

STATION = """
robot: {driver: simulated}
cameras:
  front:
    {driver: "moved_camera:MovedCamera", process: simulation, width: 256, height: 256, fps: 20}
  wrist: {driver: simulated, width: 256, height: 256, fps: 20}
"""
HINT = "document.querySelector('.tl-record .hint')"
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("moved")
    (data / "station.yaml").write_text(STATION)
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    server = new_server(data, {"PYTHONPATH": os.pathsep.join(filter(None, paths))})
    server.start()
    yield server
    server.stop()


def test_the_review_says_which_camera_was_moved(window: Any, server: Any) -> None:
    page = window.page
    page.keyboard.press("r")
    window.phase("recording")
    for keys in ("d", "s", "a", "w", "q"):
        window.hold(keys, 0.8)
    page.keyboard.press("r")
    window.phase("review")
    window.wait(f"{HINT}.textContent.includes('front seems to have been moved')")
    window.wait(f"{HINT}.classList.contains('bad')")
    page.screenshot(path=server.data / "moved.png")
    window.decide("Enter")
    window.wait(f"!{HINT}.classList.contains('bad')")
