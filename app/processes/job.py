"""The process of one job: python -m teachloop.app.processes.job <job folder>."""

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from ...jobs.folder import JobCancelled, JobFolder
from ...jobs.job_lock import turn
from ...runtime.errors import TeachloopError
from ...runtime.processes.priority import set_priority

NICENESS = 10  # a running recording comes first
HEARTBEAT_S = 1.0

Work = Callable[[JobFolder], dict[str, Any]]


class UnknownKind(TeachloopError):
    def __init__(self, kind: str, known: list[str]) -> None:
        super().__init__(f"No job of kind {kind!r}. Known: {', '.join(known)}.")


def run(job: JobFolder, load_kinds: Callable[[], dict[str, Work]]) -> bool:
    """Work on the job to its end; whatever happens is in its status. True when it is done."""
    try:
        with _beating(job), turn(job):
            job.raise_if_cancelled()
            job.update(state="running", started=time.time())
            result = _work_for(job, load_kinds())(job)
            job.update(state="done", progress=1.0, eta_s=0.0, result=result)
            return True
    except JobCancelled:
        job.update(state="cancelled", message="Cancelled.", eta_s=None)
    except TeachloopError as error:
        job.update(state="failed", message=str(error), eta_s=None)
    except Exception as error:
        traceback.print_exc()  # into the job's log
        job.update(state="failed", message=_in_words(error), eta_s=None)
    return False


def _work_for(job: JobFolder, kinds: dict[str, Work]) -> Work:
    kind = job.spec.kind
    if kind not in kinds:
        raise UnknownKind(kind, list(kinds))
    return kinds[kind]


def _in_words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There was not enough memory. Choose fewer takes or a smaller preset."
    reason = str(error).strip() or type(error).__name__
    return f"This was not expected: {reason.splitlines()[0]} (more in the log)"


@contextlib.contextmanager
def _beating(job: JobFolder) -> Iterator[None]:
    """Touch the heartbeat every second, whatever the work is busy with."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(HEARTBEAT_S):
            job.beat()

    job.beat()
    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def installed_kinds() -> dict[str, Work]:
    # Seconds of imports: the page shall see "running" before them.
    from .job_kinds import KINDS

    return KINDS


def main() -> None:
    job = JobFolder(Path(sys.argv[1]))
    set_priority(NICENESS)
    job.claim(os.getpid())

    def on_terminate(number: int, frame: FrameType | None) -> None:
        (job.path / "cancel").touch()
        raise JobCancelled(f"Job {job.id} was asked to end.")

    signal.signal(signal.SIGTERM, on_terminate)
    sys.exit(0 if run(job, installed_kinds) else 1)


if __name__ == "__main__":
    main()
