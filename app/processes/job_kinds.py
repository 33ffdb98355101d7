"""What each kind of job does: its settings read, its work called, its result written down."""

import gc
from pathlib import Path
from typing import Any

import torch

from ...jobs.folder import JobFolder
from ...jobs.progress import TRIALS_SHARE
from ...jobs.settings import settings
from ...training.adapters.registry import get_adapter
from ...training.evaluation.evaluation import compare, compare_with_base, evaluate
from ...training.grounded.finetune import FinetuneConfig
from ...training.grounded.finetune import finetune as train
from ...training.openvla.recipe import Recipe
from ...training.policies.base_names import DEFAULT, is_openvla


def finetune(job: JobFolder) -> dict[str, Any]:
    """Train an adapter, and where ``rollouts`` asks for it, try it beside its base. Its id, its
    folder and its scores are the result."""
    config = _asked(job)
    folder = _trained(config, job)
    result = {"adapter": folder.name, "folder": str(folder)}
    job.update(result=result)  # a job that is stopped while trying does not train again
    if config.rollouts:
        adapter = get_adapter(job.data, folder.name)
        result |= compare_with_base(job, adapter, config.rollouts, share=TRIALS_SHARE)
    return result


def _asked(job: JobFolder) -> FinetuneConfig | Recipe:
    """Raises BadSettings, BadName."""
    openvla = is_openvla(str(job.spec.config.get("base", DEFAULT)))
    return settings(Recipe if openvla else FinetuneConfig, job)


def _trained(config: FinetuneConfig | Recipe, job: JobFolder) -> Path:
    done = Path(job.status.result.get("folder", ""))
    if done.name and done.is_dir():
        return done
    if isinstance(config, FinetuneConfig):
        return train(config, job)
    # Seconds of imports that the small policy does not need.
    from ...training.openvla.finetune import finetune as train_openvla

    folder = train_openvla(config, job)
    gc.collect()  # the process that tries it needs the room
    torch.cuda.empty_cache()
    return folder


KINDS = {"finetune": finetune, "evaluate": evaluate, "compare": compare}
