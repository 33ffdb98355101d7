"""What each kind of job does: its settings read, its work called, its result written down."""

import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from ..datasets.errors import TeachloopError
from ..simulation.scenes import Split
from ..simulation.tasks import Verb
from ..training.adapters import get_adapter
from ..training.base_names import DEFAULT, is_openvla
from ..training.evaluation import Evaluation, Trial
from ..training.finetune import FinetuneConfig
from ..training.finetune import finetune as train
from ..training.jobs import JobFolder
from ..training.openvla.recipe import Recipe
from .trials import Layouts, Subject, run_trials

Config = TypeVar("Config")


class BadSettings(TeachloopError):
    def __init__(self, kind: str, error: Exception) -> None:
        super().__init__(f"The settings of this {kind} job cannot be used: {error}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateConfig:
    """Which policy to try on which layouts."""

    base: str = DEFAULT
    adapter: str = ""  # id; empty: the base alone
    verb: Verb = "push"
    split: Split = "novel"
    rollouts: int = 50
    seed: int = 1_000_000  # of the first layout
    processes: int = 2


def finetune(job: JobFolder) -> dict[str, Any]:
    """Train an adapter; its id and folder are the result."""
    folder = _finetuned(job)
    return {"adapter": folder.name, "folder": str(folder)}


def _finetuned(job: JobFolder) -> Path:
    if not is_openvla(str(job.spec.config.get("base", DEFAULT))):
        return train(_read(FinetuneConfig, job), job)
    # Seconds of imports that the small policy does not need.
    from ..training.openvla.finetune import finetune as train_openvla

    return train_openvla(_read(Recipe, job), job)


def evaluate(job: JobFolder) -> dict[str, Any]:
    """Count successes; each trial is a line of the metrics, and is not repeated on resuming."""
    config = _read(EvaluateConfig, job)
    trials = {row["seed"]: _trial(row) for row in job.metrics()}
    layouts = Layouts(
        verb=config.verb, split=config.split, first_seed=config.seed, count=config.rollouts
    )
    left = [seed for seed in layouts.seeds if seed not in trials]
    job.update(stage="rolling out", message="loading the policy")
    began = time.monotonic()
    subject = _subject(config, job)
    # Several copies of a large model would not fit beside each other.
    processes = 1 if is_openvla(subject.base) else config.processes
    for trial in run_trials(subject, layouts, left, processes, job.raise_if_cancelled):
        trials[trial.seed] = trial
        job.append_metrics(**asdict(trial))
        done = len(left) - (layouts.count - len(trials))
        _tell(job, trials, layouts.count, (time.monotonic() - began) / done)
    return Evaluation(trials=tuple(trials[seed] for seed in layouts.seeds)).to_dict()


def _subject(config: EvaluateConfig, job: JobFolder) -> Subject:
    if not config.adapter:
        return Subject(base=config.base)
    adapter = get_adapter(job.data, config.adapter)
    return Subject(base=adapter.card.base, adapter=adapter.path)


def _tell(job: JobFolder, trials: dict[int, Trial], count: int, trial_s: float) -> None:
    successes = sum(trial.success for trial in trials.values())
    job.update(
        stage="rolling out",
        message=f"{successes} of {len(trials)} succeeded",
        progress=len(trials) / count,
        eta_s=trial_s * (count - len(trials)),
    )


def _trial(row: dict[str, Any]) -> Trial:
    return Trial(**{field.name: row[field.name] for field in fields(Trial)})


def _read(config: type[Config], job: JobFolder) -> Config:
    """The job's settings; JSON knows lists only, the settings want tuples."""
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in job.spec.config.items()}
    try:
        return config(**given)
    except TypeError as error:
        raise BadSettings(job.spec.kind, error) from error


KINDS = {"finetune": finetune, "evaluate": evaluate}
