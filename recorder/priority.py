"""A process's share of the processor beside the others."""

import contextlib
import os
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")


def set_priority(niceness: int) -> None:
    """Be nicer (above 0) or more urgent (below); without the right to it, stay as we are.

    Linux schedules sessions against each other (sched(7), autogroup), and niceness counts
    inside a session alone: a job in a session of its own takes half of a core from the control
    loop, however nice it is. So the leader of a session speaks for its session too.
    """
    with contextlib.suppress(OSError):
        os.nice(niceness)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            AUTOGROUP.write_text(str(niceness))
