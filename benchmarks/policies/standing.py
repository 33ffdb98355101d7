"""A policy that looks at every pixel at every tick and stays where it is, for measuring.

    TEACHLOOP_POLICY_TOKEN=… python benchmarks/policies/standing.py DATA

Its server and what follows it are the product's own, as for any policy of this machine.
"""

import os
import sys
import threading
import time
from pathlib import Path

from teachloop.app.processes.policy_driving import drive
from teachloop.app.processes.policy_server import serve
from teachloop.app.processes.policy_start import TOKEN
from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.commands import GetStatus
from teachloop.recorder.station.endpoint import read_endpoint
from teachloop.runtime.ipc.frames import SharedFrames
from teachloop.training.policies.chunk_agent import ChunkAgent
from teachloop.training.policies.interface import LoadedPolicy
from teachloop.training.serving.address import SOCKET
from teachloop.training.serving.client import remote_agent
from teachloop.training.serving.service import PolicyService

TICKS = 16


class Standing(ChunkAgent):
    """Asks for the pose that it sees."""

    def __init__(self) -> None:
        super().__init__(execute=1)

    def chunk(self, observation: Observation) -> list[Action]:
        assert len(observation.images) == 2
        assert all(image.any() for image in observation.images.values())
        action = Action(ee_pose=observation.ee_pose, gripper=1.0, decided_by=Decider.POLICY)
        return [action] * TICKS


class Instructed:
    """One agent, for good."""

    def __init__(self, address: str, rate_hz: float) -> None:
        self.agent = remote_agent(address, "", "stay where you are", rate_hz)


def main(data: Path) -> None:
    path = read_endpoint(data).folder / f"policy-{os.getpid()}"
    policy = LoadedPolicy(lambda prompt: Standing(), rate_hz=20.0)
    service = PolicyService("standing", policy, frames=SharedFrames())
    threading.Thread(target=serve, args=(service, path), daemon=True).start()
    while not path.exists():
        time.sleep(0.01)
    with StationClient.of(data) as client:
        rate_hz = client.send(GetStatus()).control_rate_hz
        drive(client, Instructed(f"{SOCKET}{path}", rate_hz), os.environ[TOKEN], rate_hz)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
