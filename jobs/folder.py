"""Jobs: work that outlives a click. Each lives in a folder of its own.

job.json        what was asked: kind, config, when; never changes
status.json     state, progress, stage, message; replaced atomically by the job
process.json    pid and start time of the process that works on it
metrics.jsonl   one JSON object a line
log.txt         whatever the process printed
cancel          exists once somebody asked the job to stop
heartbeat       touched by the living process
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args

import psutil

from ..runtime.errors import TeachloopError
from ..runtime.json_file import BrokenJson, parse_json, read_json, require_kinds, write_json

State = Literal["queued", "running", "done", "failed", "cancelled", "crashed"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled", "crashed")
NUMBER = (int, float)


class JobCancelled(TeachloopError):
    """Raised inside a job by `JobFolder.raise_if_cancelled`."""


class NoSuchJob(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no job in {path}: job.json is missing.")


class JobNotResumable(TeachloopError):
    def __init__(self, job_id: str, state: State) -> None:
        super().__init__(
            f"Job {job_id} is {state}; only failed, cancelled or crashed jobs can be resumed."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """What was asked for; written once."""

    id: str
    kind: str
    config: dict[str, Any]
    created: float  # seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """How far the job is. `crashed` is never written: it is seen from outside."""

    state: State = "queued"
    progress: float = 0.0  # 0 … 1
    stage: str = ""
    message: str = ""
    eta_s: float | None = None  # time left
    started: float | None = None  # seconds since the epoch
    updated: float | None = None
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        return self.state in ENDED


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
        path = self.path / "job.json"
        if not path.is_file():
            raise NoSuchJob(self.path)
        found = read_json(path)
        require_kinds(path, found, id=str, kind=str, config=dict, created=NUMBER)
        return JobSpec(**_known(JobSpec, found))

    @property
    def status(self) -> JobStatus:
        """The written status, or `crashed` where its process is gone without having ended it."""
        written = self._written_status()
        if written.ended or self.alive or not (self.path / "process.json").exists():
            return written
        # The process may have ended between the two looks.
        written = self._written_status()
        return written if written.ended else replace(written, state="crashed", eta_s=None)

    def _written_status(self) -> JobStatus:
        path = self.path / "status.json"
        if not path.exists():
            return JobStatus()
        found = {**asdict(JobStatus()), **read_json(path)}
        require_kinds(path, found, progress=NUMBER, stage=str, message=str, result=dict)
        require_kinds(path, found, eta_s=(*NUMBER, NoneType))
        if found["state"] not in get_args(State):
            raise BrokenJson(path, f"its 'state' is {found['state']!r}")
        return JobStatus(**_known(JobStatus, found))

    def update(self, **changes: Any) -> JobStatus:
        """Change fields of the status, or begin a new one where it is damaged; called by the
        job's own process."""
        status = replace(self._mended_status(), updated=time.time(), **changes)
        write_json(self.path / "status.json", asdict(status))
        return status

    def _mended_status(self) -> JobStatus:
        """A new one where the written one is damaged."""
        try:
            return self._written_status()
        except BrokenJson:
            return JobStatus()

    @property
    def alive(self) -> bool:
        """Whether the very process that was started is still running; a reused pid is not it."""
        try:
            process = read_json(self.path / "process.json")
            found = psutil.Process(process["pid"])
            same = abs(found.create_time() - process["created"]) < 1.0
            return same and found.status() != psutil.STATUS_ZOMBIE
        except (TeachloopError, psutil.Error, KeyError, TypeError, ValueError, OverflowError):
            return False

    @property
    def pid(self) -> int:
        """Of the process that was started last. Raises BrokenJson before the first."""
        return read_json(self.path / "process.json")["pid"]

    def claim(self, pid: int) -> None:
        """Write down which process works on this job."""
        created = psutil.Process(pid).create_time()
        write_json(self.path / "process.json", {"pid": pid, "created": created})

    def append_metrics(self, **values: float | int | str) -> None:
        with (self.path / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"time": time.time(), **values}) + "\n")

    def metrics(self, after: int = 0) -> list[dict[str, Any]]:
        """All rows that are whole, without the first `after`."""
        path = self.path / "metrics.jsonl"
        if not path.exists():
            return []
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return [row for line in lines if (row := _row(line))][after:]

    def log(self, last_characters: int = 20_000) -> str:
        path = self.path / "log.txt"
        if not path.exists():
            return ""
        return path.read_text(encoding="utf-8", errors="replace")[-last_characters:]

    def beat(self) -> None:
        (self.path / "heartbeat").touch()

    @property
    def silent_s(self) -> float | None:
        """Seconds since the last heartbeat, or None before the first."""
        path = self.path / "heartbeat"
        return max(0.0, time.time() - path.stat().st_mtime) if path.exists() else None

    def cancel(self) -> None:
        """Ask the job to stop. One that no process works on is cancelled at once."""
        if self._mended_status().ended:
            return
        (self.path / "cancel").touch()
        if not self.alive:
            self.update(state="cancelled", message="Cancelled.", eta_s=None)

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the job to stop."""
        return (self.path / "cancel").exists()

    def raise_if_cancelled(self) -> None:
        if self.cancelled:
            raise JobCancelled(f"Job {self.id} was cancelled.")


def _known(kind: type[JobSpec] | type[JobStatus], found: dict[str, Any]) -> dict[str, Any]:
    """Without what another version may have written, too."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in found.items() if name in names}


def _row(line: str) -> dict[str, Any]:
    try:
        row = parse_json(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def submit(data: Path, kind: str, config: dict[str, Any]) -> JobFolder:
    """Make a queued job in `<data>/jobs/`; `start` begins it."""
    jobs = data / "jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    job_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{kind}-{secrets.token_hex(2)}"
    spec = JobSpec(id=job_id, kind=kind, config=config, created=time.time())
    hidden = jobs / f".{job_id}"
    hidden.mkdir()
    write_json(hidden / "job.json", asdict(spec))
    return JobFolder(hidden.rename(jobs / job_id))


def job_environment() -> dict[str, str]:
    """Environment of a job's process, which leaves what it does not need to others."""
    return {
        # Threads that wait for one that a station has put off must not spin on its core.
        "OMP_WAIT_POLICY": "passive",
        **os.environ,
        # Our folder `datasets`, where the current one holds it, is not Hugging Face's package.
        "PYTHONSAFEPATH": "1",
    }


def start(job: JobFolder) -> int:
    """Run the job in a process of its own that outlives this one; returns its pid."""
    _ = job.spec
    command = [sys.executable, "-m", "teachloop.app.processes.job", str(job.path.resolve())]
    with (job.path / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=job_environment(),
            start_new_session=True,
        )
    job.claim(process.pid)
    # Somebody has to take the exit status, or the dead job would stay a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process.pid


def resume(job: JobFolder) -> int:
    """Start a job again that failed, crashed or was cancelled; it goes on from its checkpoint.

    One whose status is damaged counts as failed. Raises JobNotResumable for any other state.
    """
    state = _state(job)
    if state not in ("failed", "crashed", "cancelled") or job.alive:
        raise JobNotResumable(job.id, state)
    for leftover in ("cancel", "process.json"):
        (job.path / leftover).unlink(missing_ok=True)
    job.update(state="queued", message="", eta_s=None)
    return start(job)


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


def list_jobs(data: Path) -> list[JobFolder]:
    """All jobs, newest first."""
    found = [path.parent for path in (data / "jobs").glob("[!.]*/job.json")]
    return [JobFolder(path) for path in sorted(found, reverse=True)]
