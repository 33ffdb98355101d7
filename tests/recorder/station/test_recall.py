"""A take of what was practised: nobody has to have pressed Record in time."""

import time
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.alignment import align
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.recorder.station.endpoint import StationError

Station = Any  # conftest.RunningStation


def drive(station: Station, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        station.do("twist", linear=[0.0, 0.1, 0.0], angular=[0.0, 0.0, 0.0])
        time.sleep(0.03)


def test_what_was_practised_becomes_a_take_like_any_other(station: Station) -> None:
    station.do("set_task", task="reach", instruction="go left", operator="Ada")
    station.do("practice")
    drive(station, 1.5)
    assert 1.3 < station.state()["remembered_s"] < 2.5
    take = station.do("recall")["take"]
    state = station.wait(lambda state: state["phase"] == "review" and state["take"]["saved"])
    assert state["take"]["id"] == take
    assert not state["armed"]
    station.do("keep", success=True)
    folder = station.data / "takes" / take
    assert check(folder) == []
    with Take.open(folder) as opened:
        info, deciders = opened.info, opened.actions.decided_by
        path, ticks = opened.robot.ee_pose[:, 1, 3], align(opened)
        assert [event.kind for event in opened.events] == ["start", "stop"]
        assert opened.info.health["silent_s"] == opened.info.health["lost"] == {}
        assert opened.info.created_time_ns <= opened.actions.time_ns[0]
    assert (info.operator, info.instruction) == ("Ada", "go left")
    driven_m = 0.1 * 0.05 * (deciders == Decider.OPERATOR).sum()
    assert driven_m > 0.1
    assert abs(path[-1] - path[0] - driven_m) < 0.012
    assert 1.3 < info.duration_s < 2.5
    assert abs(len(deciders) / 20 - info.duration_s) < 0.2
    assert all(not old.any() for old in ticks.stale.values()), "every tick has its pictures"


def test_another_scene_begins_another_memory(station: Station) -> None:
    station.do("practice")
    drive(station, 1.0)
    station.do("reset", seed=7)
    drive(station, 0.6)
    take = station.do("recall")["take"]
    scene = station.wait(lambda state: state["phase"] == "review")["scene"]
    station.wait(lambda state: state["take"]["saved"])
    station.do("discard")
    folder = station.data / "takes" / take
    with Take.open(folder) as opened:
        assert opened.info.duration_s < 1.0
        assert np.ptp(opened.robot.ee_pose[:, 1, 3]) < 0.08, "no leap from the scene before"
    assert scene["seed"] == 7


def test_only_what_is_practised_can_be_kept(station: Station) -> None:
    with pytest.raises(StationError, match="Nothing was practised that could be kept"):
        station.do("recall")
    station.do("practice")
    drive(station, 0.3)
    station.do("stop")
    station.wait(lambda state: state["remembered_s"] == 0.0)
    with pytest.raises(StationError, match="Nothing was practised that could be kept"):
        station.do("recall")


def test_a_take_that_begins_from_a_practice_begins_with_itself(station: Station) -> None:
    station.do("practice")
    drive(station, 1.0)
    take = station.do("start")["take"]
    time.sleep(0.5)
    station.do("stop")
    station.do("discard")
    with Take.open(station.data / "takes" / take) as opened:
        assert opened.info.duration_s < 1.0
        assert [event.kind for event in opened.events] == ["start", "stop"]
