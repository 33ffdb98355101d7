"""Takes archived as a job."""

from ..datasets.archive_result import ArchivedTakes
from ..datasets.archive_takes import archive_takes
from ..datasets.takes.take_folder import find_take
from ..jobs.config import Takes
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress


def archive_as_job(job: JobFolder, takes: Takes) -> ArchivedTakes:
    """Resumed, those that are archived by then are left out as such. Raises JobCancelled,
    NoSuchTake."""
    progress = StageProgress(job, "archive")
    folders = [find_take(job.data, take) for take in dict.fromkeys(takes)]
    return archive_takes(folders, progress.share)
