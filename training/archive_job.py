"""Takes archived as a job."""

from ..datasets.archive_takes import archivable, archive_takes
from ..datasets.archived_takes import ArchivedTakes
from ..jobs.config import Takes
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress


def archive_as_job(job: JobFolder, takes: Takes) -> ArchivedTakes:
    """Resumed, it goes on with those that are not archived yet. Raises JobCancelled, NoSuchTake."""
    progress = StageProgress(job, "archive")
    return archive_takes(archivable(job.data, takes), progress.share)
