"""Pictures, or the episodes of a data set, imported as takes, as a job."""

from pathlib import Path

from ..datasets.formats.format_names import SetFormat
from ..datasets.formats.picture_takes import import_pictures, read_pictures
from ..datasets.formats.take_import import find_set, format_of, import_takes
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress
from .job_kinds import ImportConfig, ImportResult

STAGE = "import"


def require_set(config: ImportConfig) -> None:
    """Raises NoSuchSet, WrongPicture."""
    if _format_of(config) == "pictures":
        read_pictures(Path(config.source))
    else:
        find_set(Path(config.source), config.options)


def import_set(job: JobFolder, config: ImportConfig) -> ImportResult:
    """All pictures of a set, or none; of a data set, each episode that is no take yet.

    Raises JobCancelled, and what ``import_pictures`` and ``import_takes`` raise.
    """
    if _format_of(config) == "pictures":
        return _pictures(job, config)
    progress = StageProgress(job, STAGE)
    done = import_takes(job.data, Path(config.source), config.options, progress.share)
    return ImportResult(
        format=done.format,
        takes=len(done.takes),
        there=len(done.there),
        left_out=done.left_out,
    )


def _pictures(job: JobFolder, config: ImportConfig) -> ImportResult:
    progress = StageProgress(job, STAGE)

    def tell(written: int, pictures: int) -> None:
        progress.share(f"picture {written} of {pictures}", written / pictures)

    done = import_pictures(job.data, Path(config.source), config.author, tell)
    return ImportResult(
        format="pictures", takes=len(done.takes), pictures=done.pictures, masks=done.masks
    )


def _format_of(config: ImportConfig) -> SetFormat:
    return config.options.format or format_of(Path(config.source))
