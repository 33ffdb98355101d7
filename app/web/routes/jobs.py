"""Jobs: start, watch, cancel, resume."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.requests import Request

from ....jobs.begin import begin
from ....jobs.folder import JobFolder, NoSuchJob, list_jobs
from ....jobs.kinds import JobKinds
from ....jobs.launcher import Launcher, resume
from ....jobs.metrics import MetricsRow
from ....labeler.job_kinds import EXPORT_MASKS, PROPAGATE
from ....runtime.access import Role
from ....runtime.ids import checked_file, checked_id
from ....runtime.json_file import JsonObject
from ....training.job_kinds import EXPORT_TAKES
from ..errors import NoSuchFile
from ..job_feed import JobFeed, JobSummary, present, summarise
from ..roles import LABELS, LOOKS, require, role_in

LOG_CHARACTERS = 8000
LABELLING = (PROPAGATE.name, EXPORT_MASKS.name, EXPORT_TAKES.name)
Changed = TypeVar("Changed")


class JobRequest(BaseModel):
    """What to start."""

    kind: str
    config: JsonObject = Field(default_factory=dict)


class JobList(BaseModel):
    jobs: list[JobSummary]


class Picture(BaseModel):
    """A picture that a job left."""

    name: str
    changed: int
    """When it was written last, in ms."""


class JobDetail(JobSummary):
    """A job with its figures and pictures."""

    config: JsonObject
    metrics: list[MetricsRow]
    pictures: list[Picture]


class JobLog(BaseModel):
    log: str


@dataclass(frozen=True, slots=True)
class JobRoutes:
    """What the routes need."""

    data: Path
    kinds: JobKinds
    launcher: Launcher
    feed: JobFeed

    def folder(self, job_id: str) -> JobFolder:
        """Raises BadName, NoSuchJob."""
        job = JobFolder(self.data / "jobs" / checked_id(job_id))
        if not (job.path / "job.json").is_file():
            raise NoSuchJob(job.path)
        return job

    def summary(self, job: JobFolder) -> JobSummary:
        """Raises NoSuchJob."""
        summary = summarise(job, self.kinds)
        if summary is None:
            raise NoSuchJob(job.path)
        return summary

    async def changed(self, change: Callable[[], Changed], job: JobFolder) -> JobSummary:
        await asyncio.to_thread(change)
        await self.feed.look()
        return self.summary(job)


def job_routes(jobs: JobRoutes) -> APIRouter:
    """Routes below /api/jobs."""
    router = APIRouter(prefix="/api/jobs", dependencies=[LOOKS])
    _looking(router, jobs)
    _changing(router, jobs)
    return router


def _looking(router: APIRouter, jobs: JobRoutes) -> None:
    @router.get("")
    def listed() -> JobList:
        found = list_jobs(jobs.data)
        return JobList(jobs=present(summarise(job, jobs.kinds) for job in found))

    @router.get("/{job_id}")
    def detail(job_id: str, after: int = 0) -> JobDetail:
        """The job, its metrics from line ``after`` on, and its pictures."""
        job = jobs.folder(job_id)
        return JobDetail(
            **dict(jobs.summary(job)),
            config=job.spec.config,
            metrics=job.metrics(max(0, after)),
            pictures=_pictures(job),
        )

    @router.get("/{job_id}/log")
    def log(job_id: str) -> JobLog:
        return JobLog(log=jobs.folder(job_id).log(LOG_CHARACTERS))

    @router.get("/{job_id}/pictures/{name}")
    def picture(job_id: str, name: str) -> FileResponse:
        path = jobs.folder(job_id).path / checked_file(name)
        if not path.is_file():
            raise NoSuchFile(name)
        return FileResponse(path)


def _changing(router: APIRouter, jobs: JobRoutes) -> None:
    @router.post("", dependencies=[LABELS])
    async def start(wish: JobRequest, request: Request) -> JobSummary:
        """Raises UnknownKind, BadSettings, AlreadyUnderWay, NotAllowed, and what the kind checks:
        then there is no job."""
        _require_role(wish.kind, request)
        kind = jobs.kinds[wish.kind]
        job = await asyncio.to_thread(begin, jobs.data, kind, wish.config, jobs.launcher)
        await jobs.feed.look()
        return jobs.summary(job)

    @router.post("/{job_id}/cancel", dependencies=[LABELS])
    async def cancel(job_id: str, request: Request) -> JobSummary:
        job = jobs.folder(job_id)
        _require_role(job.spec.kind, request)
        return await jobs.changed(job.cancel, job)

    @router.post("/{job_id}/resume", dependencies=[LABELS])
    async def go_on(job_id: str, request: Request) -> JobSummary:
        job = jobs.folder(job_id)
        _require_role(job.spec.kind, request)
        return await jobs.changed(lambda: resume(job, jobs.launcher), job)


def _require_role(kind: str, request: Request) -> None:
    """Raises NotAllowed."""
    require(Role.LABEL if kind in LABELLING else Role.DRIVE, role_in(request.scope))


def _pictures(job: JobFolder) -> list[Picture]:
    found = [path for kind in ("png", "jpg") for path in job.path.glob(f"*.{kind}")]
    return [Picture(name=p.name, changed=p.stat().st_mtime_ns // 1_000_000) for p in found]
