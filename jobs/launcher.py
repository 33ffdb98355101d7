"""Starting jobs, watching them to their end, and ending them."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..runtime.errors import TeachloopError
from ..runtime.json_file import BrokenJson
from ..runtime.processes.child import OUTLIVES_PARENT, Child
from .folder import CANCEL, LOG, JobFolder
from .job_lock import one_at_a_time
from .process_record import PROCESS, ProcessRecord, claim, process_of
from .status import JobStatus, State

RESUMABLE: tuple[State, ...] = ("failed", "crashed", "cancelled")
CANCEL_GRACE_S = 10.0
KILL_GRACE_S = 5.0


class JobNotResumable(TeachloopError):
    def __init__(self, job_id: str, state: State) -> None:
        super().__init__(
            f"Job {job_id} is {state}; only failed, cancelled or crashed jobs can be resumed."
        )


class JobHandle(Protocol):
    """A job that was started."""

    @property
    def pid(self) -> int:
        """Of the process that works on it."""
        ...

    @property
    def alive(self) -> bool: ...


class Launcher(Protocol):
    """Gives a queued job a process to work on it."""

    def start(self, job: JobFolder) -> JobHandle:
        """Begin; returns at once. Raises NoSuchJob."""
        ...


@dataclass(frozen=True, slots=True)
class LocalLauncher:
    """Runs each job in a process of this machine that outlives the one that started it."""

    command: Sequence[str]
    """The program that works on a job; it is given the job's folder."""

    def start(self, job: JobFolder) -> ProcessRecord:
        _ = job.spec
        command = [*self.command, str(job.path.resolve())]
        environment = job_environment()
        child = Child.start(command, job.path / LOG, OUTLIVES_PARENT, environment=environment)
        try:
            record = claim(job.path, child.pid)
        except OSError:  # nobody would see whether it lives
            child.stop(0)
            raise
        # Somebody has to take the exit status, or the dead job would stay a zombie.
        threading.Thread(target=child.wait, daemon=True).start()
        return record


def job_environment() -> dict[str, str]:
    """Environment of a job's process, which leaves what it does not need to others."""
    return {
        # Threads that wait for one that a station has put off must not spin on its core.
        "OMP_WAIT_POLICY": "passive",
        **os.environ,
        # Our folder `datasets`, where the current one holds it, is not Hugging Face's package.
        "PYTHONSAFEPATH": "1",
    }


def resume(job: JobFolder, launcher: Launcher) -> JobHandle:
    """Start a job again that failed, crashed or was cancelled; it goes on from its checkpoint.

    One that was just asked to stop is waited for, as is a process that is still putting its
    things down. One whose status is damaged counts as failed. Raises JobNotResumable for any
    other state.
    """
    with one_at_a_time(job.data):  # else what somebody else resumes meanwhile would be ended
        stops = job.cancelled or _state(job) in RESUMABLE
        leaving = process_of(job.path) if stops else None
    _put_down(leaving)
    with one_at_a_time(job.data):
        state = _state(job)
        if state not in RESUMABLE or job.alive:
            raise JobNotResumable(job.id, state)
        for leftover in (CANCEL, PROCESS):
            (job.path / leftover).unlink(missing_ok=True)
        job.update(state="queued", message="", eta_s=None)
    return launcher.start(job)


def _state(job: JobFolder) -> State:
    try:
        return job.status.state
    except BrokenJson:
        return "failed"


def wait(
    job: JobFolder,
    seen: Callable[[JobStatus], None] = lambda status: None,
    poll_s: float = 0.2,
) -> JobStatus:
    """Block until the job has ended, showing each status to `seen`."""
    while not (status := job.status).ended:
        seen(status)
        time.sleep(poll_s)
    seen(status)
    return status


def end(job: JobFolder) -> None:
    """Cancel a job and see to it that its process is gone; one that does not listen is killed."""
    job.cancel()
    _put_down(process_of(job.path))


def _put_down(record: ProcessRecord | None) -> None:
    for number, patience_s in ((signal.SIGTERM, CANCEL_GRACE_S), (signal.SIGKILL, KILL_GRACE_S)):
        if record is None or _gone(record, patience_s):
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(record.pid, number)  # it leads a session of its own


def _gone(record: ProcessRecord, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while record.alive and time.monotonic() < deadline:
        time.sleep(0.1)
    return not record.alive
