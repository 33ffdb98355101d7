"""The job that trains an adapter, and where it is asked to, tries it beside its base."""

import logging
from pathlib import Path

from ..jobs.folder import JobFolder
from ..jobs.progress import TRIALS_SHARE
from .adapters.registry import get_adapter
from .data.usable_takes import endings_of
from .evaluation.evaluation import compare_with_base
from .finetune_result import FinetuneResult
from .policies.interface import StoppedLearning, TrainingConfig
from .policies.registry import family_of

logger = logging.getLogger(__name__)


def finetune(job: JobFolder, config: TrainingConfig) -> FinetuneResult:
    """Raises JobCancelled when asked to stop, TeachloopError on what cannot be learned from."""
    try:
        folder = _trained(config, job)
    except StoppedLearning as stopped:
        _tell(
            job,
            FinetuneResult(adapter=stopped.folder.name, folder=str(stopped.folder), stopped=True),
        )
        raise
    result = FinetuneResult(adapter=folder.name, folder=str(folder))
    _tell(job, result)  # one that is stopped while trying does not train again
    if not config.rollouts:
        return result
    adapter = get_adapter(job.data, folder.name)
    scores = compare_with_base(job, adapter, config.rollouts, share=TRIALS_SHARE)
    return result.tried(scores)


def _tell(job: JobFolder, result: FinetuneResult) -> None:
    job.update(result=result.model_dump(mode="json", exclude_unset=True))


def _trained(config: TrainingConfig, job: JobFolder) -> Path:
    known = job.status.result
    done = Path(str(known.get("folder", "")))
    if done.name and done.is_dir() and not known.get("stopped"):
        return done
    if unsuccessful := f"{endings_of(job.data, config.takes)}":
        logger.info("Among the takes: %s.", unsuccessful)
    return family_of(config.base).finetune(config, job)
