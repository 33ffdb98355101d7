"""Fetching published weights, as a job: they come whole, are checked, and are named."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ...jobs.folder import JobFolder
from ...runtime.atomic_file import growing
from ..job_kinds import FetchConfig, FetchResult
from .http_file import Digest, RemoteFile, fetch_file
from .hub import files_of
from .published import Published, PublishedFile
from .settings_file import name_weights
from .size import in_words
from .storage import ModelStorage, find_published

EVERY_S = 0.3
STAGE = "fetch"


def fetch_weights(job: JobFolder, config: FetchConfig) -> FetchResult:
    """From then on they are their method's, which is offered where it was not.

    Raises JobCancelled, NotPublished, NotFetched, NoRoom, WrongSettings, and OSError; what came is
    kept, and the next such job goes on from there.
    """
    item = find_published(job.data, config.name)
    storage = ModelStorage(job.data)
    path = storage.path(item)
    if not path.exists():
        _fetch(job, item, storage)
    name_weights(job.data, item.method, str(path.absolute()))
    return FetchResult(method=item.method, weights=str(path))


def _fetch(job: JobFolder, item: Published, storage: ModelStorage) -> None:
    files = _files(item)
    total = sum(file.size for file in files)
    storage.require_room(item, total)
    told = _Told(job, total)
    with growing(storage.path(item)) as partial:
        if isinstance(item, PublishedFile):
            fetch_file(files[0], partial, told)
        else:
            _fetch_all(files, partial, told)


def _files(item: Published) -> Sequence[RemoteFile]:
    if not isinstance(item, PublishedFile):
        return files_of(item.hub_id)
    digest = Digest(kind="sha256", digits=item.sha256)
    return [RemoteFile(name=item.name, url=item.url, size=item.size, digest=digest)]


def _fetch_all(files: Sequence[RemoteFile], folder: Path, tell: Callable[[int], None]) -> None:
    folder.mkdir(exist_ok=True)
    before = 0
    for file in files:
        fetch_file(file, folder / file.name, lambda had, before=before: tell(before + had))
        before += file.size


class _Told:
    """How many bytes are there, told not too often; ends the job where somebody asked for that."""

    def __init__(self, job: JobFolder, total: int) -> None:
        self._job, self._total = job, total
        self._began: tuple[float, int] | None = None
        self._told = 0.0

    def __call__(self, had: int) -> None:
        self._job.raise_if_cancelled()
        now = time.monotonic()
        self._began = self._began or (now, had)
        if now - self._told < EVERY_S:
            return
        self._told = now
        self._job.update(
            stage=STAGE,
            message=f"{in_words(had)} of {in_words(self._total)}",
            progress=min(1.0, had / self._total),
            eta_s=self._left_s(now, had),
        )

    def _left_s(self, now: float, had: int) -> float | None:
        began, first = self._began or (now, had)
        if had <= first:
            return None
        return (self._total - had) * (now - began) / (had - first)
