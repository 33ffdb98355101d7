"""Pictures imported as takes, as a job."""

from pathlib import Path

from ..datasets.formats.picture_takes import import_pictures
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress
from .job_kinds import ImportPicturesConfig, ImportPicturesResult


def import_set(job: JobFolder, config: ImportPicturesConfig) -> ImportPicturesResult:
    """All pictures of a set, or none. Raises JobCancelled, and what ``import_pictures`` raises."""
    progress = StageProgress(job, "import")

    def tell(written: int, pictures: int) -> None:
        progress.share(f"picture {written} of {pictures}", written / pictures)

    done = import_pictures(job.data, Path(config.source), config.author, tell)
    return ImportPicturesResult(takes=len(done.takes), pictures=done.pictures, masks=done.masks)
