"""Weights that were fetched are thrown away."""

from pathlib import Path

from ...jobs.folder import JobFolder, list_jobs
from ...runtime.errors import TeachloopError
from ..job_kinds import FETCH
from ..settings import LabelerSettings
from .settings_file import forget_weights
from .storage import ModelStorage, find_published, local


class UnderWay(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is being fetched. Cancel that first.")


def remove_fetched(data: Path, name: str) -> None:
    """Of whoever used them they are not the weights any more.

    Raises NotPublished, UnderWay, WrongSettings, and OSError.
    """
    item, storage = find_published(data, name), ModelStorage(data)
    if _is_being_fetched(data, name):
        raise UnderWay(name)
    for method, weights in LabelerSettings.read(data).weights.items():
        if local(weights) == storage.path(item).absolute():
            forget_weights(data, method)
    storage.remove(item)


def _is_being_fetched(data: Path, name: str) -> bool:
    return any(_fetches(job, name) for job in list_jobs(data))


def _fetches(job: JobFolder, name: str) -> bool:
    """Whether it does so, and has not ended. One that cannot be read does not."""
    try:
        spec = job.spec
        asked = (spec.kind, spec.config.get("name"))
        return asked == (FETCH.name, name) and not job.status.ended
    except TeachloopError:
        return False
