"""What each kind of job does: its settings read, its work called, its result written down."""

import gc
from pathlib import Path
from typing import Any

import torch

from ..training.adapters import get_adapter
from ..training.base_names import DEFAULT, is_openvla
from ..training.finetune import FinetuneConfig
from ..training.finetune import finetune as train
from ..training.jobs import JobFolder
from ..training.openvla.recipe import Recipe
from ..training.progress import TRIALS_SHARE
from .evaluating import compare, compare_with_base, evaluate
from .job_settings import settings
from .names import checked_id


def finetune(job: JobFolder) -> dict[str, Any]:
    """Train an adapter, and where ``rollouts`` asks for it, try it beside its base. Its id, its
    folder and its scores are the result."""
    folder = _trained(job)
    result = {"adapter": folder.name, "folder": str(folder)}
    job.update(result=result)  # a job that is stopped while trying does not train again
    count = int(job.spec.config.get("rollouts", 0))
    if count > 0:
        adapter = get_adapter(job.data, folder.name)
        result |= compare_with_base(job, adapter, count, share=TRIALS_SHARE)
    return result


def _trained(job: JobFolder) -> Path:
    for take in job.spec.config.get("takes", ()):
        checked_id(str(take))  # it becomes a path
    done = Path(job.status.result.get("folder", ""))
    if done.name and done.is_dir():
        return done
    if not is_openvla(str(job.spec.config.get("base", DEFAULT))):
        return train(settings(FinetuneConfig, job), job)
    # Seconds of imports that the small policy does not need.
    from ..training.openvla.finetune import finetune as train_openvla

    folder = train_openvla(settings(Recipe, job), job)
    gc.collect()  # the process that tries it needs the room
    torch.cuda.empty_cache()
    return folder


KINDS = {"finetune": finetune, "evaluate": evaluate, "compare": compare}
