"""A station whose loop runs at another rate than the policy that drives it learned at."""

import contextlib
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from served_policy import serving

from teachloop.app.processes.policy_driving import drive
from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.datasets.takes.reader import Take
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.endpoint import StationError
from teachloop.training.policies.chunk_agent import ChunkAgent
from teachloop.training.policies.interface import LoadedPolicy
from teachloop.training.serving.client import remote_agent
from teachloop.training.serving.service import PolicyService

POLICY_HZ, STATION_HZ = 20.0, 10.0
SPEED_M_S = 0.04
STATION = f"""
control_rate_hz: {STATION_HZ:g}
robot: {{driver: synthetic}}
cameras:
  front: {{driver: synthetic, width: 64, height: 48, fps: 20}}
inputs:
  keyboard: {{driver: keyboard}}
"""


class Forward(ChunkAgent):
    """Goes ahead at an even speed, and looks again every 0.4 s."""

    def __init__(self, asked_ns: list[int]) -> None:
        super().__init__(execute=8)
        self.asked_ns = asked_ns

    def chunk(self, observation: Observation) -> list[Action]:
        self.asked_ns.append(observation.time_ns)
        targets = np.repeat(observation.ee_pose[None], 20, 0)
        targets[:, 0, 3] += SPEED_M_S * np.arange(1, 21) / POLICY_HZ
        return [Action(ee_pose=pose, gripper=1.0, decided_by=Decider.POLICY) for pose in targets]


class Instructed:
    def __init__(self, agent: ChunkAgent) -> None:
        self.agent = agent


def follow(data: Path, address: str, token: str) -> None:
    """As the process that follows a policy does, until the station falls silent."""
    with StationClient.of(data) as client, contextlib.suppress(StationError):
        rate_hz = client.send(commands.GetStatus()).control_rate_hz
        agent = remote_agent(address, "", "go ahead", rate_hz)
        drive(client, Instructed(agent), token, rate_hz)


@pytest.mark.real_time
def test_a_policy_s_chunks_are_driven_at_the_station_s_rate(
    tmp_path: Path, new_station: Any
) -> None:
    file = tmp_path / "station.yaml"
    file.write_text(STATION)
    station, asked_ns = new_station("--station", str(file)), []
    policy = LoadedPolicy(lambda _instruction: Forward(asked_ns), POLICY_HZ)
    token = station.do("attach_policy", name="forward")["policy"]
    station.do("select_agent", name="policy")
    with serving(PolicyService("forward", policy), password=None) as address:
        given = (station.data, address, token)
        threading.Thread(target=follow, args=given, daemon=True).start()
        take = station.do("start")["take"]
        station.wait(lambda state: state["decided_by"] == "policy")
        time.sleep(3.0)
        station.do("stop")
        station.do("keep")
    with Take.open(station.data / "takes" / take) as opened:
        driven = opened.actions.decided_by == Decider.POLICY
        advanced_m = np.diff(opened.actions.applied_pose[driven, 0, 3])
        assert opened.info.rate_hz == STATION_HZ
    assert driven.sum() > 20
    assert np.median(advanced_m) == pytest.approx(SPEED_M_S / STATION_HZ, rel=0.01)
    assert np.median(np.diff(asked_ns)) / 1e9 == pytest.approx(0.4, abs=0.05)
