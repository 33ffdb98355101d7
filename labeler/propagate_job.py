"""Propagation in many takes, as a job."""

import time

from ..datasets.takes.take_folder import find_take
from ..jobs.folder import JobFolder
from ..runtime.errors import TeachloopError
from .job_kinds import PropagateConfig, PropagateResult
from .methods import LabelerSettings, Methods
from .session import LabelingSession

EVERY_S = 0.5
STAGE = "propagate"


class _Share:
    """Tells how far one of several takes is, not too often."""

    def __init__(self, job: JobFolder, number: int, takes: int) -> None:
        self._job, self._number, self._takes = job, number, takes
        self._told = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() - self._told > EVERY_S:
            self._told = time.monotonic()
            total = (self._number + share) / self._takes
            words = f"take {self._number + 1} of {self._takes}"
            self._job.update(stage=STAGE, message=words, progress=total)


def propagate_takes(job: JobFolder, config: PropagateConfig) -> PropagateResult:
    """One take after the other; one in which it does not work is left out with the reason.

    Raises JobCancelled; the takes that were done by then keep their masks.
    """
    methods = Methods(LabelerSettings.read(job.data))
    left_out: dict[str, str] = {}
    for number, take_id in enumerate(config.takes):
        told = _Share(job, number, len(config.takes))
        try:
            _propagate_in(job, take_id, config, methods, told)
        except TeachloopError as error:
            job.raise_if_cancelled()
            left_out[take_id] = str(error)
    return PropagateResult(takes=len(config.takes) - len(left_out), left_out=left_out)


def _propagate_in(
    job: JobFolder, take_id: str, config: PropagateConfig, methods: Methods, told: _Share
) -> None:
    folder = find_take(job.data, take_id)
    with LabelingSession.open(folder, config.author, methods) as session:
        session.propagate(
            progress=told, cancelled=lambda: job.cancelled, propagator=config.propagator
        )
    job.raise_if_cancelled()
