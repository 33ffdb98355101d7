"""Pictures imported as takes, as a job."""

import time
from pathlib import Path

from ..datasets.formats.picture_takes import import_pictures
from ..jobs.folder import JobFolder
from .job_kinds import ImportPicturesConfig, ImportPicturesResult

EVERY_S = 0.5
STAGE = "import"


def import_set(job: JobFolder, config: ImportPicturesConfig) -> ImportPicturesResult:
    """All pictures of a set, or none. Raises JobCancelled, and what ``import_pictures`` raises."""
    done = import_pictures(job.data, Path(config.source), config.author, _Told(job))
    return ImportPicturesResult(takes=len(done.takes), pictures=done.pictures, masks=done.masks)


class _Told:
    """Tells how far it is, not too often; ends the job where somebody asked for that."""

    def __init__(self, job: JobFolder) -> None:
        self._job = job
        self._told = 0.0

    def __call__(self, written: int, pictures: int) -> None:
        self._job.raise_if_cancelled()
        if time.monotonic() - self._told < EVERY_S:
            return
        self._told = time.monotonic()
        words = f"picture {written} of {pictures}"
        self._job.update(stage=STAGE, message=words, progress=written / pictures)
