"""The process that follows a policy: python -m teachloop.app.processes.policy --data DIR …

It shows the station's observations to a policy's server, one of its own or one on another
machine, and puts the chunks of actions that come back into the station's mailbox; the loop never
waits for them. What is to be done comes on its standard input, an instruction a line as JSON, and
each is answered by ``{"state": "ready"}``; where the input ends, so does the process. What the
policy looks at and how it fares goes to its standard output, one JSON object a line. The station's
token for it comes in TEACHLOOP_POLICY_TOKEN, where other users of the machine do not see it.
"""

import argparse
import contextlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from ...recorder.station.client import StationClient
from ...recorder.station.commands import GetStatus
from ...recorder.station.endpoint import read_endpoint
from ...runtime.errors import TeachloopError
from ...runtime.processes.child import ENDS_WITH_PARENT, Child, python_module
from ...training.policies.base_names import DEFAULT
from ...training.policies.chunk_agent import ChunkAgent
from ...training.serving.address import SOCKET, is_address
from ...training.serving.client import remote_agent
from .policy_driving import drive, tell
from .policy_start import LOG, TOKEN

SERVER_PASSWORD = "TEACHLOOP_POLICY_PASSWORD"
SERVER = f"{__package__}.policy_server"


class PolicyNotLoaded(TeachloopError):
    """Why, in the words of its process."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--adapter", default="", help="id of an adapter; the base alone if empty")
    parser.add_argument("--base", default=DEFAULT, help="base, where no adapter names it")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # its server ends before it
    try:
        with (
            StationClient.of(given.data) as client,
            _address(given.data, given.adapter, given.base) as address,
        ):
            follow(client, address)
    except TeachloopError as error:
        tell(state="failed", message=str(error))
        return 1
    return 0


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # the main thread waits for the station or the server


def follow(client: StationClient, address: str) -> None:
    """Let the policy of a server drive a station. Raises StationError, PolicyServerAway."""
    password = os.environ.get(SERVER_PASSWORD, "")
    rate_hz = client.send(GetStatus()).control_rate_hz
    instructions = Instructions(lambda text: remote_agent(address, password, text, rate_hz), _end)
    _ = instructions.agent
    drive(client, instructions, os.environ[TOKEN], rate_hz)


@contextlib.contextmanager
def _address(data: Path, adapter: str, base: str) -> Iterator[str]:
    """Of the server that a base names, or of one of this machine's own, for the block."""
    if not adapter and is_address(base):
        yield base
        return
    # In the station's folder, where only this user comes in, and which goes with the station.
    path = read_endpoint(data).folder / f"policy-{os.getpid()}"
    arguments = ["--socket", str(path), "--data", str(data), "--adapter", adapter, "--base", base]
    server = Child.start(
        python_module(SERVER, *arguments), data / LOG, ENDS_WITH_PARENT, heard=True
    )
    try:
        _expect_ready(server)
        yield f"{SOCKET}{path}"
    finally:
        server.stop(grace_s=0.0)
        path.unlink(missing_ok=True)


def _expect_ready(server: Child) -> None:
    said = json.loads(server.hear() or '{"state": "ended"}')
    if said["state"] != "ready":
        raise PolicyNotLoaded(said.get("message") or "The policy's process ended as it started.")


def no_matter() -> None:
    """For whoever goes on without further instructions."""


class Instructions:
    """Those of the standard input, and the agent that follows the newest. ``ended`` is called
    where the input ends."""

    def __init__(
        self, agent_for: Callable[[str], ChunkAgent], ended: Callable[[], None] = no_matter
    ) -> None:
        self._agent_for, self._ended = agent_for, ended
        self._agent: ChunkAgent | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.put(json.loads(line))
        self._ended()

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


if __name__ == "__main__":
    status = 0
    with contextlib.suppress(SystemExit):
        status = main()
    os._exit(status)  # a thread waits for standard input, and would be waited for
