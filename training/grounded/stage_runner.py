"""The stages of a fine-tuning, one after the other: each can be stopped after any step and gone on
with."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict

from ...jobs.folder import JobFolder
from ...jobs.progress import Progress
from ..adapters.offline import OfflineMetrics
from ..data.samples import Samples
from ..objectives.weighted import Weighted
from . import visualization as pictures
from .base import load_checkpoint, save_checkpoint
from .behavior_cloning import AVERAGE, Cloning
from .feature_cache import cache_features
from .finetune_config import FinetuneConfig
from .grounding_training import LabeledFrames, perceive
from .lora import lora_parameters
from .mirror import symmetric_runs
from .offline_evaluation import OfflineSet
from .policy import GroundedPolicy
from .pretrain import cosine
from .stages import Stage

logger = logging.getLogger(__name__)
CHECKPOINT_STEPS = {"frames": 25, "features": 100}  # a few seconds each, by what a stage reads
ENCODING_SHARE = 0.5  # of a stage on features: its frames are encoded before its first step


@dataclass(frozen=True, slots=True)
class StageRunner:
    """Runs the stages of one fine-tuning."""

    config: FinetuneConfig
    job: JobFolder
    progress: Progress
    policy: GroundedPolicy
    model: PeftModel
    samples: Samples
    offline: OfflineSet

    def run_all(self, stages: tuple[Stage, ...]) -> OfflineMetrics:
        """Returns what is measured at the end."""
        acting = next((at for at, stage in enumerate(stages) if "head" in stage.trains), 0)
        *first, last = enumerate(stages)
        for number, stage in first:
            if self.run(number, stage):
                self._measure(stage, acts=number >= acting)
        self.run(*last)
        return self._measure(last[1])

    def run(self, number: int, stage: Stage) -> bool:
        """Run a stage, or go on with it, or skip it when it is done: then it returns False."""
        state = load_checkpoint(self._path)
        if state and int(state["stage"]) > number:  # type: ignore[call-overload]
            set_peft_model_state_dict(self.model, state["weights"])
            return False
        logger.info("Stage %s trains %s.", stage.name, ", ".join(stage.trains))
        going_on = state if state and state["stage"] == number and "step" in state else None
        {"frames": self._on_frames, "features": self._on_features}[stage.data](
            number, stage, going_on
        )
        self._save(stage=number + 1)
        return True

    def _measure(self, stage: Stage, acts: bool = True) -> OfflineMetrics:
        self.progress.share(stage.name, "measuring", 1.0)
        return self.offline.report(self.policy, self.job, stage.name, acts=acts)

    def _on_frames(self, number: int, stage: Stage, state: dict[str, Any] | None) -> None:
        parameters = lora_parameters(self.policy, stage.trains)
        optimizer = torch.optim.AdamW(parameters, lr=stage.rate, weight_decay=0.0)
        first = 0
        if state:
            set_peft_model_state_dict(self.model, state["weights"])
            optimizer.load_state_dict(state["optimizer"])
            first = int(state["step"])

        def on_step(step: int, losses: Weighted) -> None:
            self.progress.step(stage.name, step, stage.steps, **losses.figures())
            if (step + 1) % CHECKPOINT_STEPS["frames"] == 0:
                self._save(stage=number, step=step + 1, optimizer=optimizer.state_dict())
                self._picture()

        source = LabeledFrames(self.samples, self.policy.policy_config.queries)
        rates = cosine(stage.steps, stage.rate, warmup=10)
        steps = range(first, stage.steps)
        perceive(
            self.policy, source, stage.objectives, optimizer, rates, steps, stage.batch,
            self.config.seed, on_step,
        )  # fmt: skip
        self._picture()

    def _on_features(self, number: int, stage: Stage, state: dict[str, Any] | None) -> None:
        both = symmetric_runs(self.samples)
        logger.info("%d of %d takes are learned from in a mirror, too.", both.sum(), len(both))
        cached = cache_features(
            self.policy,
            self.samples,
            self.config.views,
            self.config.seed,
            lambda share: self.progress.share(
                stage.name, "encoding the frames", ENCODING_SHARE * share
            ),
        )

        cloning = Cloning(
            self.policy, self.samples, cached, stage.objectives, stage.steps, stage.batch,
            stage.rate, self.config.seed,
        )  # fmt: skip
        if state:
            set_peft_model_state_dict(self.model, state["weights"])
            cloning.go_on(state)

        def on_step(step: int, losses: Weighted) -> None:
            if step % 10 == 0 or step + 1 == stage.steps:
                figures = losses.figures()
                self.progress.step(stage.name, step, stage.steps, ENCODING_SHARE, **figures)
            if (step + 1) % CHECKPOINT_STEPS["features"] == 0:
                self._save(stage=number, **cloning.state())

        cloning.run(on_step)

    def take_up_saved(self, stages: tuple[Stage, ...]) -> str:
        """Make the policy what it was when it was saved last; returns when that was, in words.
        Empty where it had not begun to learn how to act: nothing could be done with it."""
        state: dict[str, Any] | None = load_checkpoint(self._path)
        if state is None or not _acts(stages, state):
            return ""
        set_peft_model_state_dict(self.model, state["weights"])
        if AVERAGE in state:
            self.policy.head.load_state_dict(state[AVERAGE])
        if state["stage"] == len(stages):
            return "at the end"
        stage = stages[state["stage"]]
        return f"in {stage.name}, at step {state.get('step', 0)} of {stage.steps}"

    @property
    def _path(self) -> Path:
        return self.job.path / "checkpoint.pt"

    def _save(self, **state: Any) -> None:
        weights = {k: v.clone() for k, v in get_peft_model_state_dict(self.model).items()}
        save_checkpoint({"weights": weights, **state}, self._path)

    def _picture(self) -> None:
        pictures.grounding(self.policy, self.samples, self.job.path / "grounding.jpg")


def _acts(stages: tuple[Stage, ...], state: dict[str, Any]) -> bool:
    """Whether the head, where it is trained at all, has learned something."""
    acting = [number for number, stage in enumerate(stages) if "head" in stage.trains]
    return not acting or state["stage"] > acting[0] or AVERAGE in state
