"""Takes written in a format of others, as a job."""

from ..datasets.formats.take_export import export_takes
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress
from .export_config import ExportTakesConfig, ExportTakesResult

EXPORTS = "exports"


def export_as_job(job: JobFolder, config: ExportTakesConfig) -> ExportTakesResult:
    """Into ``<data>/exports/<id of the job>``; resumed, it goes on with what is there.

    Raises JobCancelled, and what ``export_takes`` raises; then there is no such folder.
    """
    folder, progress = job.data / EXPORTS / job.id, StageProgress(job, "export")
    done = export_takes(job.data, config.takes, config.options, folder, progress.share)
    return ExportTakesResult(
        folder=str(folder), episodes=done.episodes, frames=done.frames, left_out=done.left_out
    )
