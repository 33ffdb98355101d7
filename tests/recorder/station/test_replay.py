"""A take that is gone along again while another is recorded, from station to file."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.taught_path import replay_error
from teachloop.recorder.station.endpoint import StationError

Station = Any  # conftest.RunningStation
NEAR_M, NEAR_RAD = 0.005, np.radians(1.0)


def taught(station: Station) -> str:
    """A take of a hand that leads the arm aside and down, then closes the gripper."""
    station.do("reset", seed=5, verb="pick", split="base")
    take = station.do("start", agent="guide")["take"]
    legs = (([0.0, 0.15, 0.0], None), ([0.05, 0.0, -0.1], None), ([0.0, 0.0, 0.0], 0.0))
    for linear, gripper in legs:
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            station.do("twist", linear=linear, angular=[0.0, 0.0, 0.0], gripper=gripper)
            time.sleep(0.03)
    station.do("stop")
    station.do("keep")
    return take


def folder(station: Station, take: str) -> Path:
    return station.data / "takes" / take


def test_two_passes_give_two_takes_of_one_way(station: Station) -> None:
    first = taught(station)
    begun = station.do("replay", take=first)
    assert begun["away_m"] < 0.01, "the scene stands as it did, and the arm with it"
    state = station.wait(lambda state: state["phase"] == "review", 40)
    second = state["take"]["id"]
    assert state["replaying"] is None
    station.do("keep")
    assert check(folder(station, second)) == []
    with Take.open(folder(station, first)) as one, Take.open(folder(station, second)) as two:
        assert (two.info.taught_by, two.info.replay_of) == ("replay", first)
        assert (one.info.taught_by, one.info.replay_of) == ("guide", "")
        assert two.info.scene == one.info.scene
        assert two.info.instruction == one.info.instruction
        assert set(two.actions.decided_by.tolist()) == {Decider.SCRIPT}
        assert two.robot.gripper_width_m is not None
        assert two.robot.gripper_width_m[-1] < 0.02
        error = replay_error(one, two)
    assert error.position_m < NEAR_M
    assert error.rotation_rad < NEAR_RAD


def test_a_replay_can_be_stopped_and_goes_to_review(station: Station) -> None:
    first = taught(station)
    station.do("replay", take=first)
    station.wait(lambda state: state["replaying"] == first)
    state = station.wait(lambda state: state["phase"] == "recording", 30)
    assert state["armed"]
    time.sleep(0.4)
    station.do("stop_robot")
    state = station.wait(lambda state: state["phase"] == "review")
    assert state["replaying"] is None
    station.do("discard")
    time.sleep(0.5)
    assert station.state()["robot"]["speed_m_s"] < 0.005


def test_stopped_on_the_way_to_the_beginning_nothing_is_recorded(station: Station) -> None:
    first = taught(station)
    before = station.state()["kept"]
    station.do("replay", take=first)
    station.do("stop_robot")
    time.sleep(1.5)
    state = station.state()
    assert (state["phase"], state["replaying"], state["armed"]) == ("idle", None, False)
    assert state["kept"] == before


def test_a_take_that_is_not_there_is_refused_in_words(station: Station) -> None:
    with pytest.raises(StationError, match="20200101-000000-0001"):
        station.do("replay", take="20200101-000000-0001")
    assert station.state()["replaying"] is None
