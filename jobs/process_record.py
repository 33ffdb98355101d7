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
    """Seconds since the epoch; another number once somebody set the wall clock."""
    since_boot_s: float | None = None
    """Seconds from the machine's start to the process's. None in records of earlier versions."""

    @property
    def alive(self) -> bool:
        try:
            found = psutil.Process(self.pid)
            return self._is(found) and found.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, ValueError, OverflowError):
            return False

    def _is(self, found: psutil.Process) -> bool:
        if self.since_boot_s is None:
            return abs(found.create_time() - self.created) < SAME_S
        return abs(_since_boot_s(found) - self.since_boot_s) < SAME_S


def _since_boot_s(process: psutil.Process) -> float:
    """The system counts both moments back from the wall clock, so its changes cancel out."""
    return process.create_time() - psutil.boot_time()


def claim(job_path: Path, pid: int) -> ProcessRecord:
    """Write down which process works on the job."""
    process = psutil.Process(pid)
    created, since_boot_s = process.create_time(), _since_boot_s(process)
    record = ProcessRecord(pid=pid, created=created, since_boot_s=since_boot_s)
    write_model(job_path / PROCESS, record)
    return record


def process_of(job_path: Path) -> ProcessRecord | None:
    """The process that was started last; None before the first, or where it cannot be read."""
    try:
        return read_model(job_path / PROCESS, ProcessRecord)
    except BrokenJson:
        return None
