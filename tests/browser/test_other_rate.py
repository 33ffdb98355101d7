"""The light of a station that runs at another rate than the default one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

STATION = """
control_rate_hz: 10
robot: {driver: synthetic}
cameras:
  front: {driver: synthetic, width: 256, height: 256, fps: 20}
inputs:
  keyboard: {driver: keyboard}
"""
LIGHT = "document.querySelector('.tl-station .light').className"
RATE = "document.querySelector('.tl-record .health span').className"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("slow")
    (data / "station.yaml").write_text(STATION)
    server = new_server(data)
    server.start()
    yield server
    server.stop()


def test_a_station_that_keeps_its_own_rate_is_well(window: Any) -> None:
    window.phase("10.0 Hz")
    window.wait(f"{LIGHT} === 'light green' && {RATE} === 'green'")
