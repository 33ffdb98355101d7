"""PyPI's openpi-client drives our server, and our client PyPI's openpi-server.

Each runs in an environment of its own, whose interpreter TEACHLOOP_OPENPI_CLIENT or
TEACHLOOP_OPENPI_SERVER names (`pip install openpi-client openpi-server typing_extensions`).
"""

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from served_policy import PASSWORD, TINY

from teachloop.datasets.steps import Observation
from teachloop.training.policies.interface import LoadedPolicy
from teachloop.training.serving.client import UnknownKind, remote_agent
from teachloop.training.serving.connection import PolicyServerRefused

INSTRUCTION = "push the red cube to the left"

CLIENT = """
import json, sys
import numpy as np
from openpi_client.action_chunk_broker import ActionChunkBroker
from openpi_client.websocket_client_policy import WebsocketClientPolicy
port, password, path, instruction = sys.argv[1:]
policy = WebsocketClientPolicy("127.0.0.1", int(port), api_key=password)
seen = dict(np.load(path))
state = seen.pop("state")
asked = {"images": seen, "state": state, "prompt": instruction}
reply = policy.infer(asked)
try:
    policy.infer({"prompt": instruction})
except RuntimeError as error:
    refusal = str(error)
broker = ActionChunkBroker(policy, 2)
steps = [broker.infer(asked)["actions"].tolist() for _ in range(3)]
facts = policy.get_server_metadata()["teachloop"]
print(json.dumps([reply["actions"].tolist(), reply["server_timing"], steps, facts, refusal]))
"""

SERVER = """
import sys
import numpy as np
from openpi_server import WebsocketPolicyServer

class Lifts:
    def infer(self, seen):
        if seen["prompt"] == "fail":
            raise KeyError("no such task")
        assert seen["observation/image"].shape == seen["observation/wrist_image"].shape
        assert seen["observation/image"].dtype == np.uint8
        assert seen["observation/state"].shape == (8,)
        return {"actions": np.tile(np.float32([0, 0, 0.2, 0, 0, 0, 1.0]), (10, 1))}

WebsocketPolicyServer(Lifts(), "127.0.0.1", int(sys.argv[1]), {"robot": "panda"}).serve_forever()
"""


def interpreter(variable: str) -> str:
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"{variable} names no interpreter that has the package")
    return path


def test_openpis_client_gets_our_chunk(
    address: str, agent_for: LoadedPolicy, seen: Observation, tmp_path: Path
) -> None:
    python = interpreter("TEACHLOOP_OPENPI_CLIENT")
    state = np.array([*seen.joint_positions_rad, seen.gripper_width_m])
    front, wrist = seen.images["front"], seen.images["wrist"]
    np.savez(tmp_path / "seen.npz", state=state, front=front, wrist=wrist)
    port = address.rsplit(":", 1)[1]
    command = [python, "-c", CLIENT, port, PASSWORD, str(tmp_path / "seen.npz"), INSTRUCTION]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    told = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert told.returncode == 0, told.stderr
    actions, timing, steps, facts, refusal = json.loads(told.stdout)
    wanted = agent_for(INSTRUCTION).chunk(seen)
    assert np.shape(actions) == (TINY.chunk, 7)
    np.testing.assert_allclose(
        np.array(actions)[:, :3], np.stack([each.ee_pose[:3, 3] for each in wanted]), atol=1e-4
    )
    assert timing["infer_ms"] > 0
    assert np.shape(steps) == (3, 7), "its broker cuts our reply into ticks"
    assert facts["actions"][-1] == "gripper"
    assert "state" in refusal


@contextlib.contextmanager
def openpi_server() -> Iterator[str]:
    python = interpreter("TEACHLOOP_OPENPI_SERVER")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([python, "-c", SERVER, str(port)], env=environment)
    try:
        yield f"ws://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def test_our_client_follows_openpis_server(seen: Observation) -> None:
    with openpi_server() as address:
        agent = remote_agent(f"{address}#libero", "", INSTRUCTION, 20.0)
        chunk = agent.chunk(seen)
        lifted = [action.ee_pose[2, 3] - seen.ee_pose[2, 3] for action in chunk]
        np.testing.assert_allclose(lifted, 0.01 * np.arange(1, 11), atol=1e-6)
        assert {action.gripper for action in chunk} == {0.0}
        assert agent.execute < len(chunk)
        agent.close()


def test_what_openpis_server_says_of_a_failure_is_told(seen: Observation) -> None:
    with openpi_server() as address:
        agent = remote_agent(f"{address}#libero", "", "fail", 20.0)
        with pytest.raises(PolicyServerRefused, match="KeyError: 'no such task'"):
            agent.chunk(seen)
        with pytest.raises(PolicyServerRefused, match="KeyError"):
            agent.chunk(seen)
        agent.close()


def test_a_server_of_an_unknown_kind_is_not_followed() -> None:
    with openpi_server() as address:
        for kind in ("", "#aloha"):
            with pytest.raises(UnknownKind, match=f"{address}#droid or {address}#libero"):
                remote_agent(address + kind, "", INSTRUCTION, 20.0)
