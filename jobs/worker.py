"""What the process of a job does around the job's own work."""

import os
import signal
import time
import traceback
from contextlib import nullcontext, suppress
from pathlib import Path
from types import FrameType

from ..runtime.disk_errors import in_words, is_full, is_refused
from ..runtime.errors import TeachloopError
from ..runtime.processes.priority import set_priority
from ..runtime.spare_room import give_room, keep_room
from .folder import CANCEL, JobCancelled, JobFolder, JobTerminated
from .job_lock import turn
from .kinds import JobKinds

NICENESS = 10  # a running recording comes first


def work_on(path: Path, kinds: JobKinds) -> bool:
    """Be the process of the job in ``path``, to the job's end. True when it is done."""
    job = JobFolder(path)
    set_priority(NICENESS)
    job.claim(os.getpid())

    def on_terminate(number: int, frame: FrameType | None) -> None:
        (job.path / CANCEL).touch()
        raise JobTerminated(f"Job {job.id} was told to end.")

    signal.signal(signal.SIGTERM, on_terminate)
    return run(job, kinds)


def run(job: JobFolder, kinds: JobKinds) -> bool:
    """Work on the job to its end; whatever happens is in its status. True when it is done."""
    keep_room(job.path)
    try:
        kind = kinds[job.spec.kind]
        with turn(job) if kind.takes_turn else nullcontext():
            job.raise_if_cancelled()
            job.update(state="running", started=time.time(), message="loading the program")
            result = kind.work_on(job)
            told = result.model_dump(mode="json", exclude_unset=True)
            give_room(job.path)
            job.update(state="done", progress=1.0, eta_s=0.0, result=told)
            return True
    except JobCancelled:
        give_room(job.path)
        job.update(state="cancelled", message="Cancelled.", eta_s=None)
    except TeachloopError as error:
        give_room(job.path)
        job.update(state="failed", message=str(error), eta_s=None)
    except Exception as error:
        give_room(job.path)
        job.update(state="failed", message=_in_words(error), eta_s=None)
        with suppress(OSError):
            traceback.print_exc()  # into the job's log
    return False


def _in_words(error: Exception) -> str:
    if is_full(error):
        return "The disk is full. Make room and resume: it goes on from what it saved last."
    if is_refused(error):
        return in_words(error, "")
    if isinstance(error, MemoryError):
        return "There was not enough memory. Choose fewer takes or a smaller preset."
    reason = str(error).strip() or type(error).__name__
    return f"This was not expected: {reason.splitlines()[0]} (more in the log)"
