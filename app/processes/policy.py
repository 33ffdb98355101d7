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
from collections.abc import Callable, Iterable, Iterator
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
    said = read_lines(sys.stdin, _end)
    try:
        with (
            StationClient.of(given.data) as client,
            _address(given.data, given.adapter, given.base) as address,
        ):
            follow(client, address, said)
    except TeachloopError as error:
        tell(state="failed", message=str(error))
        return 1
    return 0


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # the main thread waits for the station or the server


def follow(client: StationClient, address: str, said: "queue.SimpleQueue[str]") -> None:
    """Let the policy of a server drive a station. Raises StationError, PolicyServerAway."""
    password = os.environ.get(SERVER_PASSWORD, "")
    rate_hz = client.send(GetStatus()).control_rate_hz
    instructions = Instructions(said, lambda text: remote_agent(address, password, text, rate_hz))
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
    leaving = threading.Event()
    try:
        _expect_ready(server)
        threading.Thread(target=_watch, args=(server, leaving), daemon=True).start()
        yield f"{SOCKET}{path}"
    finally:
        leaving.set()
        server.stop(grace_s=0.0)
        path.unlink(missing_ok=True)


def _expect_ready(server: Child) -> None:
    said = json.loads(server.hear() or '{"state": "ended"}')
    if said["state"] != "ready":
        raise PolicyNotLoaded(said.get("message") or "The policy's process ended as it started.")


def _watch(server: Child, leaving: threading.Event) -> None:
    """Say that the server is gone, also while nothing is asked of it, and end with it."""
    server.wait()
    if not leaving.is_set():
        tell(state="failed", message=f"The policy's process {server.how_it_ended}; see {LOG}.")
        _end()


def read_lines(lines: Iterable[str], ended: Callable[[], None]) -> "queue.SimpleQueue[str]":
    """What is said from now on, as it comes; ``ended`` is called after the last line."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in lines:
            said.put(line)
        ended()

    threading.Thread(target=read, daemon=True).start()
    return said


class Instructions:
    """Those that are said, each as JSON, and the agent that follows the newest."""

    def __init__(
        self, said: "queue.SimpleQueue[str]", agent_for: Callable[[str], ChunkAgent]
    ) -> None:
        self._said, self._agent_for = said, agent_for
        self._agent: ChunkAgent | None = None

    @property
    def agent(self) -> ChunkAgent:
        """Waits for the first instruction, and looks whether there is another."""
        while self._agent is None or not self._said.empty():
            self._follow(json.loads(self._said.get()))
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
