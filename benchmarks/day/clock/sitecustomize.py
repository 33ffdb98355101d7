"""For a process whose wall clock is wrong, see wrong_clock.c: the system counts the moment of its
boot back from the wall clock, so that it is shifted, too."""

import os
import struct
from pathlib import Path

try:
    import psutil._pslinux as _linux
except ImportError:
    pass
else:
    _boot_time = _linux.boot_time

    def _shifted() -> float:
        content = Path(os.environ["TEACHLOOP_WRONG_CLOCK"]).read_bytes()
        return _boot_time() + float(int(struct.unpack("d", content)[0]))

    _linux.boot_time = _shifted
