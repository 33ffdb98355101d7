"""Asking for a job: it is checked, it is not there already, and then it is on its way."""

import shutil
from pathlib import Path

from ..runtime.errors import TeachloopError
from ..runtime.json_file import JsonObject
from .config import JobConfig
from .folder import JobFolder, list_jobs, submit
from .job_lock import one_at_a_time
from .kinds import Kind
from .launcher import Launcher


class AlreadyUnderWay(TeachloopError):
    def __init__(self, title: str, job_id: str) -> None:
        super().__init__(
            f"{title} with these very settings is under way already, as job {job_id}. Wait for "
            "it, cancel it, or change a setting."
        )


def begin(data: Path, kind: Kind[JobConfig], asked: JsonObject, launcher: Launcher) -> JobFolder:
    """A new job on its way. Raises BadSettings, AlreadyUnderWay, and what the kind's check
    raises, and OSError; then there is no job."""
    config = kind.read(asked)
    kind.check(data, asked)
    with one_at_a_time(data):
        _require_new(data, kind, config)
        job = submit(data, kind.name, config)
    try:
        launcher.start(job)
    except OSError:  # a disk that takes nothing more
        shutil.rmtree(job.path, ignore_errors=True)
        raise
    return job


def _require_new(data: Path, kind: Kind[JobConfig], config: JobConfig) -> None:
    asked = config.model_dump(mode="json", exclude_unset=True)
    for job in list_jobs(data):
        if _asks_for(job, kind.name, asked):
            raise AlreadyUnderWay(kind.title, job.id)


def _asks_for(job: JobFolder, kind: str, asked: JsonObject) -> bool:
    """Whether it does so, and has not ended. One that cannot be read does not."""
    try:
        spec = job.spec
        return (spec.kind, spec.config) == (kind, asked) and not job.status.ended
    except TeachloopError:
        return False
