"""Propagation in many takes, as a job."""

from collections.abc import Callable
from functools import partial

from ..datasets.takes.take_folder import find_take
from ..jobs.folder import JobFolder
from ..jobs.progress import StageProgress
from ..runtime.errors import TeachloopError
from .job_kinds import PropagateConfig, PropagateResult
from .methods import Methods
from .session import LabelingSession
from .settings import LabelerSettings


def propagate_takes(job: JobFolder, config: PropagateConfig) -> PropagateResult:
    """One take after the other; one in which it does not work is left out with the reason.

    Raises JobCancelled; the takes that were done by then keep their masks.
    """
    methods = Methods(LabelerSettings.read(job.data))
    left_out: dict[str, str] = {}
    progress = StageProgress(job, "propagate")
    for number, take_id in enumerate(config.takes):
        told = partial(_tell, progress, number, len(config.takes))
        try:
            _propagate_in(job, take_id, config, methods, told)
        except TeachloopError as error:
            job.raise_if_cancelled()
            left_out[take_id] = str(error)
    return PropagateResult(takes=len(config.takes) - len(left_out), left_out=left_out)


def _tell(progress: StageProgress, number: int, takes: int, share: float) -> None:
    progress.share(f"take {number + 1} of {takes}", (number + share) / takes)


def _propagate_in(
    job: JobFolder,
    take_id: str,
    config: PropagateConfig,
    methods: Methods,
    told: Callable[[float], None],
) -> None:
    folder = find_take(job.data, take_id)
    with LabelingSession.open(folder, config.author, methods) as session:
        session.propagate(
            progress=told, cancelled=lambda: job.cancelled, propagator=config.propagator
        )
    job.raise_if_cancelled()
