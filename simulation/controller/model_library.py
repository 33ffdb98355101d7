"""The shared library with the robot's model, which a Franka's controller sends to its client.

Clients load it as a library of this machine, so it is compiled here by whoever runs the controller.
"""

import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

from ...runtime.errors import TeachloopError

SOURCE = Path(__file__).with_name("model_library.c")
COMPILERS = ("cc", "gcc", "clang")


class NoCompiler(TeachloopError):
    """There is none, or it does not work."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The simulated controller needs a C compiler for the robot's model; {reason}. "
            "On Debian and Ubuntu, sudo apt install gcc brings one."
        )


@functools.cache
def model_library() -> bytes:
    """The library's file. Raises NoCompiler."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise NoCompiler("there is none here")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "model.so"
        command = [compiler, "-O2", "-fPIC", "-shared", "-o", str(built), str(SOURCE), "-lm"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=60.0, check=False)
        except subprocess.TimeoutExpired as error:
            raise NoCompiler(f"{compiler} was not done within a minute") from error
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip().splitlines()
            raise NoCompiler(f"{compiler} says: {words[-1] if words else 'nothing'}")
        return built.read_bytes()
