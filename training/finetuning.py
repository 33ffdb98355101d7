"""The job that trains an adapter, and where it is asked to, tries it beside its base."""

import logging
from pathlib import Path

from ..jobs.folder import JobFolder
from ..jobs.progress import TRIALS_SHARE
from .adapters.registry import get_adapter
from .data.usable_takes import endings_of
from .evaluation.evaluation import compare_with_base
from .finetune_result import FinetuneResult
from .policies.interface import TrainingConfig
from .policies.registry import family_of

logger = logging.getLogger(__name__)


def finetune(job: JobFolder, config: TrainingConfig) -> FinetuneResult:
    """Raises JobCancelled when asked to stop, TeachloopError on what cannot be learned from."""
    folder = _trained(config, job)
    result = FinetuneResult(adapter=folder.name, folder=str(folder))
    # A job that is stopped while trying does not train again.
    job.update(result=result.model_dump(mode="json", exclude_unset=True))
    if not config.rollouts:
        return result
    adapter = get_adapter(job.data, folder.name)
    scores = compare_with_base(job, adapter, config.rollouts, share=TRIALS_SHARE)
    return result.tried(scores)


def _trained(config: TrainingConfig, job: JobFolder) -> Path:
    done = Path(str(job.status.result.get("folder", "")))
    if done.name and done.is_dir():
        return done
    if unsuccessful := f"{endings_of(job.data, config.takes)}":
        logger.info("Among the takes: %s.", unsuccessful)
    return family_of(config.base).finetune(config, job)
