"""Jobs and adapters: start, watch, cancel, resume; rename, delete."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from ....jobs import folder as jobs
from ....runtime.ids import checked_file, checked_id
from ....training.adapters import registry as registry
from ....training.policies.base_list import add_base, choices
from ..errors import NoSuchFile
from ..job_feed import JobFeed, present, summarise

LOG_CHARACTERS = 8000


class NewJob(BaseModel):
    """What to start; the job itself checks its settings."""

    kind: Literal["finetune", "evaluate", "compare"]
    config: dict[str, Any] = Field(default_factory=dict)


class NewName(BaseModel):
    name: str


def job_routes(data: Path, feed: JobFeed) -> APIRouter:
    """Routes below /api/jobs."""
    router = APIRouter(prefix="/api/jobs")
    _looking(router, data)
    _changing(router, data, feed)
    return router


def _looking(router: APIRouter, data: Path) -> None:
    @router.get("")
    def listed() -> dict[str, Any]:
        return {"jobs": present(map(summarise, jobs.list_jobs(data)))}

    @router.get("/{job_id}")
    def detail(job_id: str, after: int = 0) -> dict[str, Any]:
        """The job, its metrics from line ``after`` on, and its pictures."""
        job = _folder(data, job_id)
        return {
            **(summarise(job) or {}),
            "config": job.spec.config,
            "metrics": job.metrics(max(0, after)),
            "pictures": _pictures(job),
        }

    @router.get("/{job_id}/log")
    def log(job_id: str) -> dict[str, str]:
        return {"log": _folder(data, job_id).log(LOG_CHARACTERS)}

    @router.get("/{job_id}/pictures/{name}")
    def picture(job_id: str, name: str) -> FileResponse:
        path = _folder(data, job_id).path / checked_file(name)
        if not path.is_file():
            raise NoSuchFile(name)
        return FileResponse(path)


def _changing(router: APIRouter, data: Path, feed: JobFeed) -> None:
    async def changed(change: Callable[[], Any], job: jobs.JobFolder) -> dict[str, Any]:
        await asyncio.to_thread(change)
        await feed.look()
        return summarise(job) or {}

    @router.post("")
    async def submit(wish: NewJob) -> dict[str, Any]:
        job = await asyncio.to_thread(jobs.submit, data, wish.kind, wish.config)
        return await changed(lambda: jobs.start(job), job)

    @router.post("/{job_id}/cancel")
    async def cancel(job_id: str) -> dict[str, Any]:
        job = _folder(data, job_id)
        return await changed(job.cancel, job)

    @router.post("/{job_id}/resume")
    async def resume(job_id: str) -> dict[str, Any]:
        job = _folder(data, job_id)
        return await changed(lambda: jobs.resume(job), job)


def adapter_routes(data: Path) -> APIRouter:
    """Routes below /api/adapters, and the bases that adapters are trained on."""
    router = APIRouter(prefix="/api/adapters")

    @router.get("")
    def listed() -> dict[str, Any]:
        return {
            "adapters": [_card(adapter) for adapter in registry.list_adapters(data)],
            "bases": choices(data),
        }

    @router.post("/bases")
    def add(wish: NewName) -> dict[str, Any]:
        add_base(data, wish.name[:300])
        return {"bases": choices(data)}

    @router.patch("/{adapter_id}")
    def rename(adapter_id: str, wish: NewName) -> dict[str, Any]:
        return _card(registry.rename_adapter(data, checked_id(adapter_id), wish.name[:80]))

    @router.delete("/{adapter_id}")
    def delete(adapter_id: str) -> dict[str, Any]:
        registry.delete_adapter(data, checked_id(adapter_id))
        return {"deleted": adapter_id}

    @router.post("/{adapter_id}/restore")
    def restore(adapter_id: str) -> dict[str, Any]:
        return _card(registry.restore_adapter(data, checked_id(adapter_id)))

    return router


def _folder(data: Path, job_id: str) -> jobs.JobFolder:
    """Raises BadName, NoSuchJob."""
    job = jobs.JobFolder(data / "jobs" / checked_id(job_id))
    if not (job.path / "job.json").is_file():
        raise jobs.NoSuchJob(job.path)
    return job


def _pictures(job: jobs.JobFolder) -> list[dict[str, Any]]:
    """Pictures that the job left, each with the moment of its last change."""
    found = [path for kind in ("png", "jpg") for path in job.path.glob(f"*.{kind}")]
    return [{"name": path.name, "changed": path.stat().st_mtime_ns // 1_000_000} for path in found]


def _card(adapter: registry.Adapter) -> dict[str, Any]:
    card = adapter.card
    evaluation = card.evaluation
    return {
        "id": adapter.id,
        "name": card.name,
        "base": card.base,
        "takes": [take.id for take in card.takes],
        "created": card.created,
        "preset": card.config.get("preset", ""),
        "evaluation": evaluation
        and {
            "before": evaluation.success_before,
            "after": evaluation.success_after,
            "rollouts": evaluation.rollouts,
        },
    }
