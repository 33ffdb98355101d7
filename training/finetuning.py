"""The job that trains an adapter, and where it is asked to, tries it beside its base."""

import gc
from pathlib import Path

import torch

from ..jobs.folder import JobFolder
from ..jobs.progress import TRIALS_SHARE
from .adapters.registry import get_adapter
from .evaluation.evaluation import compare_with_base
from .finetune_result import FinetuneResult
from .grounded.finetune import finetune as finetune_grounded
from .grounded.finetune_config import FinetuneConfig
from .openvla.recipe import Recipe


def finetune(job: JobFolder, config: FinetuneConfig | Recipe) -> FinetuneResult:
    """Raises JobCancelled when asked to stop, TeachloopError on what cannot be learned from."""
    folder = _trained(config, job)
    result = FinetuneResult(adapter=folder.name, folder=str(folder))
    # A job that is stopped while trying does not train again.
    job.update(result=result.model_dump(mode="json", exclude_unset=True))
    if not config.rollouts:
        return result
    adapter = get_adapter(job.data, folder.name)
    scores = compare_with_base(job, adapter, config.rollouts, share=TRIALS_SHARE)
    return result.model_copy(update=scores.model_dump())


def _trained(config: FinetuneConfig | Recipe, job: JobFolder) -> Path:
    done = Path(str(job.status.result.get("folder", "")))
    if done.name and done.is_dir():
        return done
    if isinstance(config, FinetuneConfig):
        return finetune_grounded(config, job)
    # Seconds of imports that the small policy does not need.
    from .openvla.finetune import finetune as finetune_openvla

    folder = finetune_openvla(config, job)
    gc.collect()  # the process that tries it needs the room
    torch.cuda.empty_cache()
    return folder
