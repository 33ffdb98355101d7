"""Fine-tuning an adapter on takes, as a job that can be watched, cancelled and resumed."""

import logging
import time
from functools import partial
from pathlib import Path

import torch

from ...datasets.embodiment import Embodiment
from ...jobs.folder import JobCancelled, JobFolder, JobTerminated
from ...jobs.progress import Progress
from ..adapters.card import AdapterCard, TakeReference, write_card
from ..adapters.offline import OfflineEvaluation
from ..adapters.registry import finished_path, free_name, new_adapter
from ..data.held_out import held_out
from ..data.one_robot import embodiment_of
from ..data.samples import Samples
from ..data.takes import cameras_of, learned_from, read_takes, references
from ..policies.interface import StoppedLearning
from .base import base_config, digest, load_base
from .colour_words import vocabulary_of
from .config import Vocabulary
from .device import device_words, settle
from .finetune_config import FinetuneConfig
from .layout import fit_layout
from .lora import DECODING, LAYOUT, VOCABULARY, add_lora, save_lora
from .offline_evaluation import BASE, OfflineSet, affordable
from .plan import PLAN
from .policy import GroundedPolicy, sampling
from .stage_runner import StageRunner
from .stages import Stage
from .tokenizer import require_fitting

logger = logging.getLogger(__name__)


def finetune(config: FinetuneConfig, job: JobFolder) -> Path:
    """Train an adapter; returns its folder. Going on after a stop repeats no more steps than lie
    between two checkpoints, reads and encodes the takes again, and gives what it would have given
    without, where takes and labels are as they were.

    Raises JobCancelled when asked to stop (StoppedLearning where an adapter came of it, of what was
    saved last), TeachloopError on takes that teach nothing.
    """
    torch.set_num_threads(config.threads)
    stages = config.planned
    trials_s = PLAN.trials_s(config.rollouts)
    progress = Progress(job, [stage.name for stage in stages], trials_s)
    progress.share("takes", "loading the base", 0.0)
    mounted = embodiment_of(job.data, config.takes)
    cameras = cameras_of(job.data, config.takes, config.cameras)
    layout = fit_layout(base_config(config.base), cameras, mounted.gripper is not None)
    policy = settle(load_base(config.base, layout, config.decoding), config.device)
    logger.info("It learns on %s.", device_words(policy.device))
    samples, offline = _read(config, job, policy, progress)
    read = references(job.data, config.takes)  # as they are now: labels may go on changing
    progress.share("takes", "measuring the base", 1.0)
    before = offline.report(policy, job, BASE)
    torch.manual_seed(config.seed)
    if any("head" in stage.trains for stage in stages):
        policy.head.read_anew()
    model = add_lora(policy, config.lora_rank)
    tuning = StageRunner(config, job, progress, policy, model, samples, offline)
    register = partial(_register, tuning, stages, read, mounted)
    try:
        after = tuning.run_all(stages)
    except JobTerminated:
        raise
    except JobCancelled as cancelled:
        if stopped := tuning.take_up_saved(stages):
            raise StoppedLearning(register(stopped=stopped)) from cancelled
        raise
    return register(offline=offline.evaluation(before, after))


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


def _register(
    tuning: StageRunner,
    stages: tuple[Stage, ...],
    read: tuple[TakeReference, ...],
    mounted: Embodiment,
    offline: OfflineEvaluation | None = None,
    stopped: str = "",
) -> Path:
    config, samples, kept_out = tuning.config, tuning.samples, tuning.offline.kept_out
    name = config.name or samples.episodes[0].instructions[0]
    name = f"{name} (stopped)" if stopped else name
    scale = tuning.policy.action_scale.mean(0).tolist()
    statistics = {"action_scale": scale, "samples": len(samples), "time": time.time()}
    said = {"stages": [stage.model_dump(mode="json") for stage in stages]}
    settings = config.model_dump(mode="json") | said
    settings[LAYOUT] = tuning.policy.layout.model_dump(mode="json")
    settings[DECODING] = tuning.policy.decoding
    settings[VOCABULARY] = _vocabulary(samples).model_dump(mode="json")
    card = AdapterCard(
        name=free_name(tuning.job.data, name),
        base=config.base,
        base_sha256=digest(config.base),
        takes=tuple(take for take in read if take.id not in kept_out),
        held_out=tuple(take for take in read if take.id in kept_out),
        stopped=stopped,
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


def _vocabulary(samples: Samples) -> Vocabulary:
    """That of the takes."""
    texts = (text for run in samples.episodes for text in run.instructions)
    names = (name for run in samples.episodes for each in run.called for name in each)
    return vocabulary_of(texts, names)
