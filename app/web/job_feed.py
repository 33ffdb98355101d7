"""Follows the job folders and tells the pages what changed."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ...jobs.folder import JobFolder, JobSpec, NoSuchJob, list_jobs
from ...jobs.kinds import JobKinds
from ...jobs.status import JobStatus, State
from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject
from ...training.adapters.registry import known_name

logger = logging.getLogger(__name__)

LOOK_S = 0.7
SHOWN = 60


class JobSummary(BaseModel):
    """A job in one line, for lists."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    title: str
    """What it does, and to what."""
    created: float
    """Seconds since the epoch."""
    asked: JsonObject
    """Its settings, without the takes."""
    state: State
    stopping: bool
    """Whether somebody asked it to stop, and it has not ended yet."""
    started: float | None
    """Seconds since the epoch."""
    stage: str
    message: str
    progress: float
    """0 … 1."""
    eta_s: float | None
    result: JsonObject
    """What came of it, without the single trials."""


class JobFeed:
    """Reads every job's status, and calls ``changed`` with all summaries when one differs."""

    def __init__(
        self, data: Path, kinds: JobKinds, changed: Callable[[list[JobSummary]], None]
    ) -> None:
        self.data = data
        self.kinds = kinds
        self.changed = changed
        self.summaries: list[JobSummary] = []
        self._ended: dict[tuple[str, int], JobSummary] = {}

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:  # the pages would hear of no job any more
                logger.exception("Cannot look at the jobs.")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Read once, now."""
        summaries = await asyncio.to_thread(self._read)
        if summaries != self.summaries:
            self.summaries = summaries
            self.changed(summaries)

    def _read(self) -> list[JobSummary]:
        return present(map(self._summary, list_jobs(self.data)[:SHOWN]))

    def _summary(self, job: JobFolder) -> JobSummary | None:
        """A job that ended is read once, as long as nobody resumes it."""
        status_file = job.path / "status.json"
        key = (job.id, status_file.stat().st_mtime_ns if status_file.exists() else 0)
        if key in self._ended:
            return self._ended[key]
        summary = summarise(job, self.kinds)
        if summary and summary.state in ("done", "failed", "cancelled"):
            self._ended[key] = summary
        return summary


def present(summaries: Iterable[JobSummary | None]) -> list[JobSummary]:
    """Without those of jobs that somebody is just removing."""
    return [summary for summary in summaries if summary]


def summarise(job: JobFolder, kinds: JobKinds) -> JobSummary | None:
    """A job in one line; one that cannot be read says why. None: it is gone."""
    try:
        return _told(job, kinds, job.spec, job.status)
    except NoSuchJob:
        return None
    except TeachloopError as error:
        spec = JobSpec(id=job.id, kind="", config={"name": job.id}, created=0.0)
        return _told(job, kinds, spec, JobStatus(state="failed", message=str(error)))


def _told(job: JobFolder, kinds: JobKinds, spec: JobSpec, status: JobStatus) -> JobSummary:
    return JobSummary(
        id=job.id,
        kind=spec.kind,
        title=f"{kinds.title(spec.kind)} {_subject(job, spec)}".strip(),
        created=spec.created,
        asked={name: value for name, value in spec.config.items() if name != "takes"},
        state=status.state,
        stopping=job.cancelled and not status.ended,
        started=status.started,
        stage=status.stage,
        message=status.message,
        progress=status.progress,
        eta_s=status.eta_s,
        result={name: value for name, value in status.result.items() if name != "trials"},
    )


def _subject(job: JobFolder, spec: JobSpec) -> str:
    """What a job is about: the name that it was given, its adapter's, or its base's."""
    asked = spec.config
    if adapter_id := asked.get("adapter"):
        return known_name(job.data, str(adapter_id))
    return str(asked.get("name") or Path(str(asked.get("base", ""))).name)
