"""Which process works on a job, so that everybody sees whether it still does."""

from pathlib import Path

import psutil

from ..runtime.json_file import BrokenJson, StoredModel, read_model, write_model

PROCESS = "process.json"
SAME_S = 1.0  # a process that took the number of another began later than this


class ProcessRecord(StoredModel):
    """A process by its number and the moment of its start; a reused number is not it."""

    pid: int
    created: float
    """Seconds since the epoch."""

    @property
    def alive(self) -> bool:
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.created) < SAME_S
            return same and found.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, ValueError, OverflowError):
            return False


def claim(job_path: Path, pid: int) -> ProcessRecord:
    """Write down which process works on the job."""
    record = ProcessRecord(pid=pid, created=psutil.Process(pid).create_time())
    write_model(job_path / PROCESS, record)
    return record


def process_of(job_path: Path) -> ProcessRecord | None:
    """The process that was started last; None before the first, or where it cannot be read."""
    try:
        return read_model(job_path / PROCESS, ProcessRecord)
    except BrokenJson:
        return None
