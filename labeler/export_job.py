"""Masks written in a format of others, as a job."""

import time

from ..datasets.formats.export import export_masks
from ..jobs.folder import JobFolder
from .job_kinds import ExportMasksConfig, ExportMasksResult

EXPORTS = "exports"
EVERY_S = 0.5
STAGE = "export"


def export_takes(job: JobFolder, config: ExportMasksConfig) -> ExportMasksResult:
    """Into ``<data>/exports/<id of the job>``.

    Raises JobCancelled, and what ``export_masks`` raises; then there is no such folder.
    """
    folder = job.data / EXPORTS / job.id
    done = export_masks(job.data, config.takes, config.format, folder, _Told(job, config))
    return ExportMasksResult(
        folder=str(folder),
        frames=done.frames,
        masks=done.masks,
        incomplete=done.incomplete,
        left_out=done.left_out,
    )


class _Told:
    """Tells how far it is, not too often; ends the job where somebody asked for that."""

    def __init__(self, job: JobFolder, config: ExportMasksConfig) -> None:
        self._job, self._takes = job, len(config.takes)
        self._told = 0.0

    def __call__(self, take: int, frames: int) -> None:
        self._job.raise_if_cancelled()
        if time.monotonic() - self._told < EVERY_S:
            return
        self._told = time.monotonic()
        words = f"take {take + 1} of {self._takes}, {frames} frames"
        self._job.update(stage=STAGE, message=words, progress=take / self._takes)
