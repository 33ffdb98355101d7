"""A program that is measured from outside: its seconds, and the memory of it and its children."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

EACH_S = 0.1
MB = 1 << 20


class ProgramFailed(Exception):
    """A program that ended with an error, with its last words."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a program said and needed."""

    output: str
    seconds: float
    peak_mb: float  # what it and its children alone hold, and their shares of what they share


def measured(command: Sequence[str], *, ours: bool) -> Measured:
    """Run a program to its end. Raises ProgramFailed, OSError."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:  # a pipe would be full before anybody reads it
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, text=True, env=_environment(ours)
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _memory_mb(process.pid))
            time.sleep(EACH_S)
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise ProgramFailed((output.strip() or "it ended without a word").splitlines()[-1])
    return Measured(output, time.monotonic() - began, peak)


def _memory_mb(pid: int) -> float:
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    return sum(map(_share_mb, family))


def _share_mb(process: psutil.Process) -> float:
    try:
        return process.memory_full_info().pss / MB
    except psutil.Error:
        return 0.0


def _environment(ours: bool) -> dict[str, str]:
    """Another's Python shall not find our packages."""
    kept = {k: v for k, v in os.environ.items() if ours or k != "PYTHONPATH"}
    return {**kept, "HF_HUB_OFFLINE": "1"}
