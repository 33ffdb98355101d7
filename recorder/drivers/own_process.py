"""Asks a module of ours in a process of its own: vendor libraries load there, and not in whoever
asks."""

import subprocess
import sys

from ...runtime.errors import TeachloopError

PATIENCE_S = 60.0


class NoAnswer(TeachloopError):
    """The drivers' process said nothing that can be used."""


def ask_module(name: str, *arguments: str, told: bytes = b"") -> bytes:
    """What ``python -m name`` writes; ``told``: its input. Raises NoAnswer."""
    command = [sys.executable, "-m", name, *arguments]
    try:
        done = subprocess.run(
            command, input=told, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NoAnswer(f"The drivers did not answer within {PATIENCE_S:g} s.") from error
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoAnswer(f"The drivers cannot be asked. {words[-1] if words else ''}".strip())
    return done.stdout
