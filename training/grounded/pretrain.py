"""Making a base from nothing but the scripted expert on the base split.

Four stages: still scenes to disk, perception (grounding and words) on them, scripted episodes to
disk, cloning of the action head on their cached features. Each leaves its result in the folder, so
that a run which was stopped goes on where it was.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch

from ...simulation.language import BASE_VERBS, Task, phrasings
from ...simulation.objects import COLORS, SHAPES, is_base
from ..data.samples import Samples, join
from ..data.scripted import BLOCK as EPISODES
from ..data.scripted import load, script
from ..data.stills import BLOCK as STILLS
from ..data.stills import Stills, load_stills, render
from ..objectives.weighted import Weighted
from .base import load_checkpoint, save_base, save_checkpoint
from .behavior_cloning import Cloning, action_scale
from .colour_words import vocabulary_of
from .config import PolicyConfig, Vocabulary
from .feature_cache import cache_features
from .grounding_training import FrameSource, perceive
from .layout import base_layout
from .policy import GroundedPolicy, sampling
from .pretrain_config import PretrainConfig
from .still_frames import StillFrames

NEW = PolicyConfig(encoder="convolutional", text_layers=2, match_heads=4)
PART = 128  # pixels of a still that are looked at, four times as fast as all of it
RATE = 1.5e-3  # highest learning rate of the perception stage
LOOK, ACT = {"grounding": 1.0, "contrast": 1.0}, {"cloning": 1.0}  # objectives and weights


Report = Callable[[str, float, dict[str, float]], None]
"""Told the stage, its progress in [0, 1] and its figures."""


def pretrain(config: PretrainConfig, report: Report) -> Path:
    """Make the base; returns its folder."""
    torch.set_num_threads(config.workers)
    began = time.time()
    torch.manual_seed(config.seed)
    policy = GroundedPolicy(NEW.model_copy(update={"vocabulary": _vocabulary()}))
    _perceive(policy, StillFrames(_render(config, report), PART), config, report)
    samples = _script(config, report)
    _clone(policy, samples, config, report)
    save_base(policy, config.out)
    _write_record(config, samples, time.time() - began)
    return config.out


def _vocabulary() -> Vocabulary:
    """All that is said of the base split."""
    things = [f"{color} {shape}" for color in COLORS for shape in SHAPES if is_base(color, shape)]
    tasks = [Task(verb, things[0], other) for verb in BASE_VERBS for other in things]
    return vocabulary_of((text for task in tasks for text in phrasings(task)), things)


def _render(config: PretrainConfig, report: Report) -> Stills:
    folder, cameras = config.out / "stills", tuple(NEW.cameras)
    made = []
    for path in render(folder, config.stills, cameras, NEW.image_size, config.workers):
        made.append(path)
        report("render", len(made) / math.ceil(config.stills / STILLS), {})
    return load_stills(made)


def _script(config: PretrainConfig, report: Report) -> Samples:
    folder = config.out / "episodes"
    parts = []
    total = math.ceil(config.episodes / EPISODES)
    wanted = sampling(NEW, base_layout(NEW), config.stride)
    for path in script(folder, config.episodes, wanted, config.workers):
        parts.append(load(path))
        report("script", len(parts) / total, {"episodes": sum(len(p.episodes) for p in parts)})
    return join(parts)


def cosine(steps: int, highest: float, warmup: int = 100) -> Callable[[int], float]:
    """Learning rate of a step: linear warm-up, then a cosine to a hundredth."""

    def rate(step: int) -> float:
        rise = min(1.0, (step + 1) / warmup)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
        return highest * rise * max(0.01, fall)

    return rate


def _perceive(
    policy: GroundedPolicy, source: FrameSource, config: PretrainConfig, report: Report
) -> None:
    perceiver = [p for name, p in policy.named_parameters() if not name.startswith("head")]
    optimizer = torch.optim.AdamW(perceiver, lr=RATE, weight_decay=0.02)
    path = config.out / "perception.pt"
    done = 0
    if state := load_checkpoint(path):
        policy.load_state_dict(state["policy"])  # type: ignore[arg-type]
        optimizer.load_state_dict(state["optimizer"])  # type: ignore[arg-type]
        done = int(state["step"])  # type: ignore[call-overload]

    def on_step(step: int, losses: Weighted) -> None:
        if step % 20 == 0:
            report("perceive", step / config.perceive_steps, losses.figures())
        if step % 50 == 49 or step + 1 == config.perceive_steps:
            state = {"policy": policy.state_dict(), "optimizer": optimizer.state_dict()}
            save_checkpoint({**state, "step": step + 1}, path)

    steps = range(done, config.perceive_steps)
    rates = cosine(config.perceive_steps, RATE)
    perceive(
        policy, source, LOOK, optimizer, rates, steps, config.perceive_batch, config.seed, on_step
    )


def _clone(
    policy: GroundedPolicy, samples: Samples, config: PretrainConfig, report: Report
) -> None:
    policy.action_scale.copy_(action_scale(samples))
    cached = cache_features(
        policy, samples, config.views, config.seed, lambda p: report("encode", p, {})
    )

    def on_step(step: int, losses: Weighted) -> None:
        if step % 100 == 0:
            report("clone", step / config.clone_steps, losses.figures())

    steps, batch = config.clone_steps, config.clone_batch
    Cloning(policy, samples, cached, ACT, steps, batch, 1e-3, config.seed).run(on_step)


def _write_record(config: PretrainConfig, samples: Samples, seconds: float) -> None:
    plain = {key: str(value) if key == "out" else value for key, value in asdict(config).items()}
    plain.pop("out")
    record = {"config": plain, "samples": len(samples), "seconds_of_last_run": round(seconds)}
    (config.out / "pretrain.json").write_text(json.dumps(record, indent=2) + "\n")
