"""The light of a station that runs at another rate than the default one."""

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
def server(own_server: Any) -> Any:
    return own_server


def test_a_station_that_keeps_its_own_rate_is_well(window: Any) -> None:
    window.phase("10.0 Hz")
    window.wait(f"{LIGHT} === 'light green' && {RATE} === 'green'")
