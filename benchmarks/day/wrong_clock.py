"""A wall clock that can be set for the product alone: its processes read it through a hook."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

HOOK = Path(__file__).parent / "clock"


class WrongClock:
    """The shift of all processes that were started with ``environment``. Without a C compiler
    the clock stays right."""

    def __init__(self, folder: Path) -> None:
        self._shift, self._library = folder / "clock-shift", folder / "wrong_clock.so"
        self._shift.write_bytes(struct.pack("d", 0.0))
        self.there = _compiled(HOOK / "wrong_clock.c", self._library)

    @property
    def environment(self) -> dict[str, str]:
        """Of processes that read this clock."""
        if not self.there:
            return {}
        path = os.pathsep.join(filter(None, (str(HOOK), os.environ.get("PYTHONPATH"))))
        shift = {"TEACHLOOP_WRONG_CLOCK": str(self._shift)}
        return {"PYTHONPATH": path, "LD_PRELOAD": str(self._library), **shift}

    def set(self, days: float) -> bool:
        """Forth, or back where it is negative; False where there is no hook."""
        with self._shift.open("r+b") as file:
            file.write(struct.pack("d", 86_400 * days))
        return self.there


def _compiled(source: Path, library: Path) -> bool:
    compiler = shutil.which("cc")
    command = [compiler or "", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    return bool(compiler) and subprocess.run(command).returncode == 0
