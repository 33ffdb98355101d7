"""The process of one policy: python -m teachloop.app.processes.policy --data DIR --adapter ID …

It follows the station's observations, thinks, and puts chunks of actions into the station's
mailbox; the loop never waits for it. What it is to do comes on its standard input, an
instruction a line as JSON, and each is answered by ``{"state": "ready"}``; what it looks at and
how it fares goes to its standard output, one JSON object a line. The station's token for it
comes in TEACHLOOP_POLICY_TOKEN, where other users of the machine do not see it.
"""

import argparse
import base64
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...recorder.station.client import StationClient
from ...recorder.station.commands import Chunk
from ...recorder.station.endpoint import StationError
from ...recorder.station.published import OBSERVATION, STATE, PolicyObservation
from ...recorder.station.status import Status
from ...runtime.errors import TeachloopError
from ...runtime.processes.exit_with_parent import end_with_parent
from ...runtime.processes.priority import set_priority
from ...training.adapters.registry import get_adapter
from ...training.policies.base_names import DEFAULT
from ...training.policies.chunk_agent import ChunkAgent
from ...training.policies.registry import AgentFor, open_policy
from ...training.serving.address import is_address
from ...training.serving.client import remote_agent

TOKEN = "TEACHLOOP_POLICY_TOKEN"
SERVER_PASSWORD = "TEACHLOOP_POLICY_PASSWORD"
TICK_NS = 50_000_000
# While a person drives, the newest chunk should begin where the person left the arm.
EXECUTE_CORRECTED = 2
STATION_SILENT_S = 5.0
NICENESS = 5  # a person's keys come before a policy's thoughts
FAINT = 0.02  # a map whose peak is below shows no glow


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--adapter", default="", help="id of an adapter; the base alone if empty")
    parser.add_argument("--base", default=DEFAULT, help="base, where no adapter names it")
    given = parser.parse_args()
    end_with_parent(os.getppid())
    torch.set_num_threads(1)
    try:
        agent_for = _policy(given.data, given.adapter, given.base)
        instructions = Instructions(agent_for)
        with StationClient.of(given.data) as client:
            _ = instructions.agent
            set_priority(NICENESS)
            drive(client, instructions, os.environ[TOKEN])
    except TeachloopError as error:
        tell(state="failed", message=str(error))
        return 1
    return 0


def _policy(data: Path, adapter_id: str, base: str) -> AgentFor:
    if not adapter_id:
        return _served(base) if is_address(base) else open_policy(base)
    adapter = get_adapter(data, adapter_id)
    return open_policy(adapter.card.base, adapter.path)


def _served(address: str) -> AgentFor:
    password = os.environ.get(SERVER_PASSWORD, "")
    return lambda instruction: remote_agent(address, password, instruction)


class Instructions:
    """Those of the standard input, and the agent that follows the newest."""

    def __init__(self, agent_for: AgentFor) -> None:
        self._agent_for = agent_for
        self._agent: ChunkAgent | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.put(json.loads(line))

    @property
    def agent(self) -> ChunkAgent:
        """Waits for the first instruction, and looks whether there is another."""
        while self._agent is None or not self._lines.empty():
            self._follow(self._lines.get())
        return self._agent

    def _follow(self, instruction: str) -> None:
        if self._agent is not None:
            self._agent.close()
        self._agent = self._agent_for(instruction)
        tell(state="ready")


def drive(client: StationClient, instructions: Instructions, token: str) -> None:
    """Answer observations until the station is silent. Raises StationError when detached."""
    moving, answered_ns = False, 0
    for seen, corrected in newest(client):
        agent = instructions.agent
        began = seen.phase in ("recording", "practising")
        if began and not moving:
            agent.reset()
            answered_ns = 0
        moving = began
        every = EXECUTE_CORRECTED if corrected else agent.execute
        if not moving or seen.time_ns - answered_ns < every * TICK_NS - TICK_NS // 2:
            continue
        answered_ns = seen.time_ns
        send_chunk(client, agent, token, seen)


def newest(client: StationClient) -> Iterator[tuple[PolicyObservation, bool]]:
    """Observations, without those that grew old while the last one was thought about; with
    each, whether a person drives. Ends when the station falls silent."""
    corrected = False
    stream = client.subscribe(OBSERVATION, STATE, timeout_s=STATION_SILENT_S)
    for message in stream:
        if isinstance(message, Status):
            corrected = message.decided_by == "operator"
        elif isinstance(message, PolicyObservation) and _is_fresh(message):
            yield message, corrected


def _is_fresh(seen: PolicyObservation) -> bool:
    return time.monotonic_ns() - seen.time_ns < TICK_NS


def send_chunk(
    client: StationClient, agent: ChunkAgent, token: str, seen: PolicyObservation
) -> None:
    """Think about one observation and put what to do into the mailbox."""
    began = time.monotonic()
    try:
        actions = agent.chunk(seen.observation)
    except KeyError as error:
        raise StationError(f"The station sent no {error} to the policy.") from error
    client.send(
        Chunk(
            policy=token,
            time_ns=seen.time_ns,
            poses=[action.ee_pose.ravel().tolist() for action in actions],
            grippers=[action.gripper for action in actions],
        )
    )
    thought_ms = 1e3 * (time.monotonic() - began)
    maps = {name: packed(grid) for name, grid in agent.attention.items()}
    tell(maps=maps, thought_ms=thought_ms)


def packed(grid: NDArray[np.floating[Any]]) -> dict[str, Any]:
    """A probability map (height, width) as bytes, the brightest 255, for a page."""
    scaled = np.round(255 * grid / max(float(grid.max()), FAINT)).astype(np.uint8)
    height, width = grid.shape
    values = base64.b64encode(scaled.tobytes()).decode("ascii")
    return {"height": height, "width": width, "values": values}


def tell(**message: Any) -> None:
    """One line to the web process."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
