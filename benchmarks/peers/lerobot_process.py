"""LeRobot beside us: a process of a Python that has it, which answers requests."""

import contextlib
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("lerobot_loading.py")


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one contestant's turn took."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A peer's: what it decodes videos with, or how long a turn took."""

    backend: str = ""
    wall_s: float = 0.0
    cpu_s: float = 0.0


class PeerEnded(Exception):
    """A peer that gave no answer, with its last words."""


class Peer:
    """LeRobot in a process of its own. Use as a context manager."""

    def __init__(self, python: str, folder: Path, version: str) -> None:
        self.backend = ""
        self._command = [python, str(SCRIPT), str(folder)]
        self._log = folder / f"lerobot-{version}.log"

    def __enter__(self) -> "Peer":
        """Raises OSError where there is no such Python."""
        pipe = subprocess.PIPE
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command, stdin=pipe, stdout=pipe, stderr=log, text=True, env=_environment()
            )
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    def wait(self) -> None:
        """Until its data sets are written. Raises PeerEnded."""
        self.backend = self._answer().backend

    def turn(self, count: int, side: int, rows: list[int]) -> Turn:
        assert self._process.stdin
        request = {"count": count, "side": side, "rows": rows}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        return Turn(answer.wall_s, answer.cpu_s)

    def _answer(self) -> Answer:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("answer "):
                return Answer(**json.loads(line.removeprefix("answer ")))
        words = self._log.read_text("utf-8", "replace").splitlines()
        raise PeerEnded(words[-1] if words else "it ended without a word")


def _environment() -> dict[str, str]:
    """Ours, without what makes another Python find our packages."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"HF_HUB_OFFLINE": "1"}


def start_peers(
    folder: Path, pythons: Mapping[str, str], stack: contextlib.ExitStack
) -> tuple[dict[str, Peer], dict[str, str]]:
    """Those that run, and why the others do not; they write their data sets side by side."""
    peers, missing = {}, {}
    for version, python in pythons.items():
        try:
            if not python:
                raise PeerEnded("no Python that has it was named")
            peers[version] = stack.enter_context(Peer(python, folder, version))
        except (OSError, PeerEnded) as error:
            missing[version] = str(error)
    for version in list(peers):
        try:
            peers[version].wait()
        except PeerEnded as error:
            missing[version] = str(error)
            del peers[version]
    return peers, missing
