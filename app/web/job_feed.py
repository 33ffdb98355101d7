"""Follows the job folders and tells the pages what changed."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ...jobs.folder import JobFolder, JobSpec, JobStatus, NoSuchJob, list_jobs
from ...runtime.errors import TeachloopError
from ...training.adapters.registry import get_adapter

logger = logging.getLogger(__name__)

LOOK_S = 0.7
SHOWN = 60
Summary = dict[str, Any]

TITLES = {"finetune": "Fine-tune", "evaluate": "Evaluate", "compare": "Compare"}


class JobFeed:
    """Reads every job's status, and calls ``changed`` with all summaries when one differs."""

    def __init__(self, data: Path, changed: Callable[[list[Summary]], None]) -> None:
        self.data = data
        self.changed = changed
        self.summaries: list[Summary] = []
        self._ended: dict[tuple[str, int], Summary] = {}

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

    def _read(self) -> list[Summary]:
        return present(map(self._summary, list_jobs(self.data)[:SHOWN]))

    def _summary(self, job: JobFolder) -> Summary | None:
        """A job that ended is read once, as long as nobody resumes it."""
        status_file = job.path / "status.json"
        key = (job.id, status_file.stat().st_mtime_ns if status_file.exists() else 0)
        if key in self._ended:
            return self._ended[key]
        summary = summarise(job)
        if summary and summary["state"] in ("done", "failed", "cancelled"):
            self._ended[key] = summary
        return summary


def present(summaries: Iterable[Summary | None]) -> list[Summary]:
    """Without those of jobs that somebody is just removing."""
    return [summary for summary in summaries if summary]


def summarise(job: JobFolder) -> Summary | None:
    """A job in one line, for lists; one that cannot be read says why. None: it is gone."""
    try:
        return _summary(job)
    except NoSuchJob:
        return None
    except TeachloopError as error:
        spec = JobSpec(id=job.id, kind="", config={"name": job.id}, created=0.0)
        return _told(job, spec, JobStatus(state="failed", message=str(error)))


def _summary(job: JobFolder) -> Summary:
    return _told(job, job.spec, job.status)


def _told(job: JobFolder, spec: JobSpec, status: JobStatus) -> Summary:
    title = TITLES.get(spec.kind, spec.kind)
    name = spec.config.get("name") or _adapter_name(job, spec.config.get("adapter"))
    return {
        "id": job.id,
        "kind": spec.kind,
        "title": f"{title} {name}".strip(),
        "created": spec.created,
        "state": status.state,
        "stage": status.stage,
        "message": status.message,
        "progress": status.progress,
        "eta_s": status.eta_s,
        "result": status.result,
    }


def _adapter_name(job: JobFolder, adapter_id: str | None) -> str:
    """What people call the adapter that a job is about; its id once it is gone."""
    if not adapter_id:
        return ""
    try:
        return get_adapter(job.data, adapter_id).card.name
    except TeachloopError:
        return adapter_id
