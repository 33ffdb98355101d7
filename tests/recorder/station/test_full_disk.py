"""A station whose disk fills up."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from teachloop.recorder.station.endpoint import StationError


def test_a_take_that_finds_no_room_to_be_recovered_is_no_fault_put_right(
    new_station: Callable[..., Any], small_disk: Any
) -> None:
    small_disk.mount("remount,size=300m")
    station = new_station("--source", "synthetic", data=small_disk.path / "data")
    take = station.do("start")["take"]
    time.sleep(0.5)
    small_disk.fill(left=40 << 20)
    fault = station.wait(lambda state: state["fault"])["fault"]
    assert "Make room" in fault["text"]
    assert "Error" not in fault["text"]
    station.do("restart_writer")
    fault = station.wait(lambda state: state["fault"])["fault"]
    assert (fault["source"], fault["remedy"]) == ("writer", "restart_writer")
    assert "could not be recovered" in fault["text"]
    with pytest.raises(StationError, match="Make room"):
        station.do("start")
    small_disk.make_room()
    station.do("restart_writer")
    station.wait(lambda state: state["ready"] and not state["fault"])
    time.sleep(1.0)
    assert station.state()["fault"] is None
    folder = small_disk.path / "data" / "takes"
    assert [path.name for path in folder.iterdir()] == [take]
    assert (folder / take / "take.h5").is_file()
