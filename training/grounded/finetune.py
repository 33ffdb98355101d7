"""Fine-tuning an adapter on takes, as a job that can be watched, cancelled and resumed."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict

from ...datasets.embodiment import Embodiment
from ...jobs.folder import JobFolder
from ...jobs.progress import Progress
from ..adapters.card import AdapterCard, TakeReference, write_card
from ..adapters.offline import OfflineEvaluation, OfflineMetrics
from ..adapters.registry import finished_path, free_name, new_adapter
from ..data.held_out import held_out
from ..data.one_robot import embodiment_of
from ..data.samples import Samples
from ..data.takes import cameras_of, learned_from, read_takes, references
from ..objectives.weighted import Weighted
from . import visualization as pictures
from .base import base_config, digest, load_base, load_checkpoint, save_checkpoint
from .behavior_cloning import clone
from .device import device_words, settle
from .feature_cache import cache_features
from .finetune_config import FinetuneConfig
from .grounding_training import LabeledFrames, perceive
from .layout import fit_layout
from .lora import LAYOUT, add_lora, lora_parameters, save_lora
from .mirror import symmetric_runs
from .offline_evaluation import BASE, OfflineSet, affordable
from .plan import PLAN
from .policy import GroundedPolicy, sampling
from .pretrain import cosine
from .stages import Stage
from .tokenizer import require_fitting

logger = logging.getLogger(__name__)
CHECKPOINT_STEPS = 25
ENCODING_SHARE = 0.5  # of a stage on features: its frames are encoded before its first step


def finetune(config: FinetuneConfig, job: JobFolder) -> Path:
    """Train an adapter; returns its folder. Going on after a stop repeats at most a stage.

    Raises JobCancelled when asked to stop, TeachloopError on takes that teach nothing.
    """
    torch.set_num_threads(config.threads)
    stages = config.planned
    trials_s = PLAN.trials_s(config.rollouts)
    progress = Progress(job, [stage.name for stage in stages], trials_s)
    progress.share("takes", "loading the base", 0.0)
    mounted = embodiment_of(job.data, config.takes)
    cameras = cameras_of(job.data, config.takes, config.cameras)
    layout = fit_layout(base_config(config.base), cameras, mounted.gripper is not None)
    policy = settle(load_base(config.base, layout), config.device)
    logger.info("It learns on %s.", device_words(policy.device))
    samples, offline = _read(config, job, policy, progress)
    read = references(job.data, config.takes)  # as they are now: labels may go on changing
    progress.share("takes", "measuring the base", 1.0)
    before = offline.report(policy, job, BASE)
    torch.manual_seed(config.seed)
    if any("head" in stage.trains for stage in stages):
        policy.head.read_anew()
    model = add_lora(policy, config.lora_rank)
    tuning = GroundedFinetuning(config, job, progress, policy, model, samples, offline)
    after = tuning.run_all(stages)
    return _register(tuning, stages, read, mounted, offline.evaluation(before, after))


def _read(
    config: FinetuneConfig, job: JobFolder, policy: GroundedPolicy, progress: Progress
) -> tuple[Samples, OfflineSet]:
    """What is learned from, and what it is measured on."""
    wanted = sampling(policy.policy_config, policy.layout, config.stride)
    kept_out = held_out(config.takes, config.held_out)
    if kept_out:
        logger.info("Kept out of training: %s.", ", ".join(kept_out))
    takes = read_takes(job.data, config.takes, wanted, progress.reading)
    runs = (run for part in takes.values() for run in part.episodes)
    said = (text for run in runs for text in run.instructions)
    require_fitting(said, policy.policy_config.text_length)
    samples = learned_from(takes, kept_out)
    most = affordable(config.planned, config.views, samples)
    return samples, OfflineSet.choose(takes, kept_out, most)


@dataclass(frozen=True, slots=True)
class GroundedFinetuning:
    """One running fine-tuning."""

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
        going_on = state if state and state["stage"] == number else None
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
            if step % CHECKPOINT_STEPS == CHECKPOINT_STEPS - 1:
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

        def on_step(step: int, losses: Weighted) -> None:
            if step % 10 == 0 or step + 1 == stage.steps:
                figures = losses.figures()
                self.progress.step(stage.name, step, stage.steps, ENCODING_SHARE, **figures)

        clone(
            self.policy, self.samples, cached, stage.objectives, stage.steps, stage.batch,
            stage.rate, self.config.seed, on_step,
        )  # fmt: skip

    @property
    def _path(self) -> Path:
        return self.job.path / "checkpoint.pt"

    def _save(self, **state: Any) -> None:
        weights = {k: v.clone() for k, v in get_peft_model_state_dict(self.model).items()}
        save_checkpoint({"weights": weights, **state}, self._path)

    def _picture(self) -> None:
        pictures.grounding(self.policy, self.samples, self.job.path / "grounding.jpg")


def _register(
    tuning: GroundedFinetuning,
    stages: tuple[Stage, ...],
    read: tuple[TakeReference, ...],
    mounted: Embodiment,
    offline: OfflineEvaluation,
) -> Path:
    config, samples, kept_out = tuning.config, tuning.samples, tuning.offline.kept_out
    name = config.name or samples.episodes[0].instructions[0]
    scale = tuning.policy.action_scale.mean(0).tolist()
    statistics = {"action_scale": scale, "samples": len(samples), "time": time.time()}
    said = {"stages": [stage.model_dump(mode="json") for stage in stages]}
    settings = config.model_dump(mode="json") | said
    settings[LAYOUT] = tuning.policy.layout.model_dump(mode="json")
    card = AdapterCard(
        name=free_name(tuning.job.data, name),
        base=config.base,
        base_sha256=digest(config.base),
        takes=tuple(take for take in read if take.id not in kept_out),
        held_out=tuple(take for take in read if take.id in kept_out),
        embodiment=mounted,
        statistics=statistics | {"device": device_words(tuning.policy.device)},
        config=settings,
        offline=offline,
    )
    with new_adapter(tuning.job.data) as folder:
        save_lora(tuning.model, folder)
        write_card(folder, card)
        finished = finished_path(folder)
    return finished
