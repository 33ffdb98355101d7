"""Jobs: work that outlives a click. Each lives in a folder of its own.

job.json        what was asked: kind, config, when; never changes
status.json     state, progress, stage, message; replaced atomically by the job
process.json    pid and start time of the process that works on it
metrics.jsonl   one JSON object a line
tensorboard/    those of steps, as TensorBoard reads them
log.txt         whatever the process printed
cancel          exists once somebody asked the job to stop
"""

import os
import secrets
import time
from pathlib import Path

from typing_extensions import Unpack

from ..runtime.atomic_file import new_folder
from ..runtime.errors import TeachloopError
from ..runtime.ids import next_stamp
from ..runtime.json_file import BrokenJson, JsonObject, StoredModel, read_model, write_model
from ..runtime.regular_file import read_text
from .config import JobConfig
from .metrics import Figure, MetricsRow, append_row, read_rows
from .process_record import PROCESS, claim, process_of
from .status import JobStatus, StatusChanges

SPEC, STATUS, LOG, CANCEL = "job.json", "status.json", "log.txt", "cancel"
CRASHED = (
    "Its process was ended from outside, or the memory ran out. Resumed, it goes on from what it "
    "saved last."
)


class JobCancelled(TeachloopError):
    """Raised inside a job by `JobFolder.raise_if_cancelled`."""


class JobTerminated(JobCancelled):
    """Raised inside a job whose process was told to end: there is no time for anything more."""


class NoSuchJob(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no job in {path}: job.json is missing.")


class JobSpec(StoredModel):
    """What was asked for; written once."""

    id: str
    kind: str
    config: JsonObject
    """As it was given; the job's kind has a model of its own for it."""
    created: float
    """Seconds since the epoch."""


class JobFolder:
    """One job's folder: the job writes it, everyone else reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def data(self) -> Path:
        """The data folder that the job belongs to."""
        return self.path.parent.parent

    @property
    def spec(self) -> JobSpec:
        """Raises NoSuchJob when the folder holds no job, BrokenJson where it is damaged."""
        path = self.path / SPEC
        if not path.is_file():
            raise NoSuchJob(self.path)
        return read_model(path, JobSpec)

    @property
    def status(self) -> JobStatus:
        """The written status, or `crashed` where its process is gone without having ended it."""
        written = self._written_status()
        if written.ended or self.alive or not (self.path / PROCESS).exists():
            return written
        # The process may have ended between the two looks.
        written = self._written_status()
        gone = {"state": "crashed", "message": CRASHED, "eta_s": None}
        return written if written.ended else written.model_copy(update=gone)

    def _written_status(self) -> JobStatus:
        path = self.path / STATUS
        return read_model(path, JobStatus) if path.exists() else JobStatus()

    def update(self, **changes: Unpack[StatusChanges]) -> JobStatus:
        """Change fields of the status, or begin a new one where it is damaged; called by the
        job's own process."""
        changed = {**changes, "updated": time.time()}
        status = self._mended_status().model_copy(update=changed)
        write_model(self.path / STATUS, status)
        return status

    def _mended_status(self) -> JobStatus:
        """A new one where the written one is damaged."""
        try:
            return self._written_status()
        except BrokenJson:
            return JobStatus()

    @property
    def alive(self) -> bool:
        """Whether the very process that was started is still running."""
        record = process_of(self.path)
        return record is not None and record.alive

    def claim(self, pid: int) -> None:
        """Write down which process works on this job."""
        claim(self.path, pid)

    def append_metrics(self, **values: Figure) -> None:
        append_row(self.path, values)

    def metrics(self, after: int = 0) -> list[MetricsRow]:
        """All rows that are whole, without the first `after`."""
        return read_rows(self.path)[after:]

    def log(self, last_characters: int = 20_000) -> str:
        path = self.path / LOG
        if not path.exists():
            return ""
        return read_text(path, errors="replace")[-last_characters:]

    def cancel(self) -> None:
        """Ask the job to stop. One that no process works on is cancelled at once."""
        if self._mended_status().ended:
            return
        (self.path / CANCEL).touch()
        if not self.alive:
            self.update(state="cancelled", message="Cancelled.", eta_s=None)

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the job to stop."""
        return (self.path / CANCEL).exists()

    def raise_if_cancelled(self) -> None:
        if self.cancelled:
            raise JobCancelled(f"Job {self.id} was cancelled.")


def submit(data: Path, kind: str, config: JobConfig) -> JobFolder:
    """Make a queued job in `<data>/jobs/`; a launcher begins it."""
    jobs = data / "jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    stamp = next_stamp(name.lstrip(".") for name in os.listdir(jobs))
    job_id = f"{stamp}-{kind}-{secrets.token_hex(2)}"
    asked = config.model_dump(mode="json", exclude_unset=True)
    with new_folder(jobs / job_id) as folder:
        write_model(folder / SPEC, JobSpec(id=job_id, kind=kind, config=asked, created=time.time()))
    return JobFolder(jobs / job_id)


def list_jobs(data: Path) -> list[JobFolder]:
    """All jobs, newest first."""
    found = [path.parent for path in (data / "jobs").glob(f"[!.]*/{SPEC}")]
    return [JobFolder(path) for path in sorted(found, reverse=True)]
