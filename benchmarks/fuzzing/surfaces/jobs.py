"""Folders of jobs: what was asked, how far it is, its figures, its process, its log."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from teachloop.app.processes.job_kinds import KINDS
from teachloop.app.web.job_feed import JobSummary, summarise
from teachloop.app.web.routes.jobs import JobDetail, JobList
from teachloop.jobs.folder import JobFolder, list_jobs
from teachloop.jobs.launcher import JobHandle, resume
from teachloop.jobs.process_record import ProcessRecord
from teachloop.runtime.disk_errors import DiskRefused
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.ids import checked_file, checked_id

from ..mutators import Mutator, Value
from ..samples import TAKE_ID

JOB_ID = "20270303-000000-finetune-abcd"
CONFIGS: Mapping[str, Mapping[str, Value]] = {
    "finetune": {"takes": [TAKE_ID], "base": "panda-tabletop", "preset": "tiny", "name": "mine"},
    "evaluate": {"adapter": "20270303-000000-abcd", "rollouts": 3, "seed": 5},
    "compare": {"adapter": "20270303-000000-abcd", "rollouts": 3},
    "propagate": {"takes": [TAKE_ID], "author": "Ada"},
}
FILES: Mapping[str, Value] = {
    "job.json": {
        "id": JOB_ID,
        "kind": "finetune",
        "config": dict(CONFIGS["finetune"]),
        "created": 1.8e9,
    },
    "status.json": {
        "state": "running",
        "progress": 0.5,
        "stage": "cloning",
        "message": "loss 0.5",
        "eta_s": 3.0,
        "started": 1.8e9,
        "updated": 1.8e9,
        "result": {"adapter": "20270303-000000-abcd"},
    },
    "process.json": {"pid": 4_000_000, "created": 1.8e9},
}
METRICS = b'{"time": 1.0, "stage": "cloning", "step": 1, "loss": 0.5}\n' * 3
LOG = "hello\nwörld\n".encode()


class NoLauncher:
    """Starts nothing."""

    def start(self, job: JobFolder) -> JobHandle:
        _ = job.spec
        return ProcessRecord(pid=4_000_000, created=0.0)


class Jobs:
    """One job's folder, written anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._path = self._data / "jobs" / JOB_ID

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        self._path.mkdir(parents=True)
        self._write(m)
        try:
            self._ask_for(m)
            return self._look()
        except TeachloopError as error:
            return str(error)
        except OSError as error:  # as the application answers it
            return str(DiskRefused(error))

    def _write(self, m: Mutator) -> None:
        changed = m.draw.choice((*FILES, "metrics.jsonl", "log.txt", "folder"))
        for name, content in FILES.items():
            text = json.dumps(content).encode()
            (self._path / name).write_bytes(m.json(content) if name == changed else text)
        for name, text in (("metrics.jsonl", METRICS), ("log.txt", LOG)):
            (self._path / name).write_bytes(m.changed(text) if name == changed else text)
        if changed == "folder":
            self._odd_folder(m)

    def _odd_folder(self, m: Mutator) -> None:
        """A folder where a file should be, a link to nothing or to itself, names of any kind."""
        name = m.draw.choice(
            ("job.json", "status.json", "process.json", "metrics.jsonl", "log.txt")
        )
        (self._path / name).unlink()
        if m.chance(0.5):
            (self._path / name).mkdir()
        elif m.chance(0.5):
            (self._path / name).symlink_to(m.draw.choice((name, "nowhere", "/dev/null", ".")))
        (self._path / "x.png").mkdir()
        (self._data / "jobs" / m.draw.choice(("a b", "ü", "-x", "x" * 200))).mkdir()
        (self._path / "y.jpg").symlink_to("nowhere")

    def _ask_for(self, m: Mutator) -> None:
        kind = m.draw.choice(list(CONFIGS))
        given = m.value(dict(CONFIGS[kind]))
        if isinstance(given, dict):
            KINDS[kind].read(given)  # type: ignore[arg-type]

    def _look(self) -> str:
        found: list[JobSummary | None] = [summarise(job, KINDS) for job in list_jobs(self._data)]
        JobList(jobs=[each for each in found if each]).model_dump_json()
        job = JobFolder(self._path)
        summary = summarise(job, KINDS)
        if summary is None:
            return "there is no job"
        job.log()
        JobDetail(
            **dict(summary), config=job.spec.config, metrics=job.metrics(), pictures=[]
        ).model_dump_json()
        job.cancel()
        resume(job, NoLauncher())
        KINDS[job.spec.kind].read(job.spec.config)
        checked_file(checked_id(job.id) + ".png")
        return ""


SURFACE = Jobs
