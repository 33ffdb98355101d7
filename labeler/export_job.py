"""Masks written in a format of others, as a job."""

from ..datasets.formats.export import export_masks
from ..datasets.formats.faceless_pictures import picture_filter
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress
from .job_kinds import ExportMasksConfig, ExportMasksResult

EXPORTS = "exports"


def export_takes(job: JobFolder, config: ExportMasksConfig) -> ExportMasksResult:
    """Into ``<data>/exports/<id of the job>``.

    Raises JobCancelled, and what ``export_masks`` raises; then there is no such folder.
    """
    folder, takes = job.data / EXPORTS / job.id, len(config.takes)
    progress = StageProgress(job, "export")

    def tell(take: int, frames: int) -> None:
        progress.share(f"take {take + 1} of {takes}, {frames} frames", take / takes)

    through = picture_filter(hide_faces=config.hide_faces)
    done = export_masks(job.data, config.takes, config.format, folder, tell, through=through)
    return ExportMasksResult(
        folder=str(folder),
        frames=done.frames,
        masks=done.masks,
        incomplete=done.incomplete,
        left_out=done.left_out,
    )
