"""The bin emptied as a job."""

from ..datasets.empty_bin import empty_bin
from ..datasets.removal_result import RemovedTakes
from ..datasets.takes.take_folder import TAKES
from ..jobs.config import Takes
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress


def remove_as_job(job: JobFolder, takes: Takes) -> RemovedTakes:
    """Resumed, it goes on with those that are still there. Raises JobCancelled."""
    folders = [job.data / TAKES / take for take in dict.fromkeys(takes)]
    there = [folder for folder in folders if folder.is_dir()]
    return empty_bin(there, StageProgress(job, "empty the bin").share)
