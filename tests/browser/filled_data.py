"""A data folder in which something was done already: takes, an adapter, its job, evaluations."""

import shutil
from pathlib import Path

from teachloop.datasets.labels.edits import SetSuccess
from teachloop.datasets.labels.labels import Labels
from teachloop.jobs.folder import JobFolder, submit
from teachloop.training.evaluation.config import EvaluateConfig
from teachloop.training.evaluation.results import Evaluation, Trial
from teachloop.training.policies.base_names import DEFAULT

BEFORE = Path(__file__).parents[1] / "fixtures" / "before"
SEED = 1_000_000


def fill(data: Path) -> None:
    for name in ("takes", "adapters", "jobs"):
        shutil.copytree(BEFORE / name, data / name)
    for folder in (data / "takes").iterdir():  # so that all of them are learned from
        labels = Labels.open(folder)
        labels.apply([SetSuccess(True)], labels.revision, "test")
    config = EvaluateConfig(base=DEFAULT, rollouts=20, verb="push", split="novel")
    evaluated(data, config, every=3)


def evaluated(data: Path, config: EvaluateConfig, every: int) -> JobFolder:
    """A finished evaluation in which every so manieth layout was done."""
    job = submit(data, "evaluate", config)
    trials = [trial(SEED + number, number % every == 0) for number in range(config.rollouts)]
    for each in trials:
        job.append_metrics(**each.model_dump(), policy="")
    found = Evaluation.of(trials).model_dump(mode="json")
    said = f"{sum(each.success for each in trials)} of {len(trials)} succeeded"
    job.update(state="done", progress=1.0, message=said, result=found, started=1.0)
    return job


def trial(seed: int, success: bool) -> Trial:
    reason = "" if success else "The block was not pushed far enough."
    return Trial(
        seed=seed, instruction="push the block left", success=success, ticks=90, reason=reason
    )
