"""Fine-tuning an OpenVLA on takes, as a job that can be watched, cancelled and resumed."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import PeftModel
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from torch import nn

from ...datasets.embodiment import Embodiment
from ...jobs.folder import JobCancelled, JobFolder, JobTerminated
from ...jobs.progress import Progress
from ..adapters.card import AdapterCard, TakeReference, write_card
from ..adapters.registry import finished_path, free_name, new_adapter
from ..data.one_robot import embodiment_of
from ..data.takes import NothingToLearn, references
from ..grounded.base import load_checkpoint, save_checkpoint
from ..objectives.weighted import weighted
from ..policies.interface import StoppedLearning
from .adapters import BODY, default_device, fingerprint, on_gpu, save_parts
from .cameras import chosen_cameras
from .checkpoint import checkpoint_folder, load_openvla
from .demonstrations import Demonstrations, demonstrations, scaled
from .grounding import GroundingHead
from .lora import ALPHA, add_lora
from .model import NoTokenizer, OpenVLA
from .objective import LookBatches, Losses
from .parallel import ChunkHead, ChunkPlan
from .recipe import PRESETS, Recipe
from .statistics import Statistics

logger = logging.getLogger(__name__)
STAGE = "tune"
CHECKPOINT_STEPS = 50


def finetune(recipe: Recipe, job: JobFolder) -> Path:
    """Train an adapter; returns its folder. Going on after a stop repeats at most
    CHECKPOINT_STEPS steps.

    Raises JobCancelled when asked to stop (StoppedLearning where an adapter came of it, of what was
    saved last), TeachloopError on a base, takes or settings that cannot be used.
    """
    progress = Progress(job, [STAGE], None if recipe.rollouts else 0.0)
    mounted = embodiment_of(job.data, recipe.takes)
    cameras = chosen_cameras(job.data, recipe.takes, recipe.cameras)
    recipe = recipe.model_copy(update={"cameras": cameras})
    looks = demonstrations(job.data, recipe.takes, cameras, recipe.chunk, progress.reading)
    if recipe.grounding and np.isnan(looks.masks[:, 0, 0]).all():
        raise NothingToLearn("None of these takes has a mask. Label their target first.")
    learned = references(job.data, recipe.takes)  # as they are now: labels may go on changing
    progress.share("takes", "loading the base", 1.0)
    tuning = begin(recipe, job, progress, looks)
    try:
        tuning.run()
    except JobTerminated:
        raise
    except JobCancelled as cancelled:
        if step := tuning.take_up_saved():
            raise StoppedLearning(tuning.register(learned, mounted, step)) from cancelled
        raise
    return tuning.register(learned, mounted)


def begin(
    recipe: Recipe, job: JobFolder, progress: Progress, looks: Demonstrations
) -> "OpenVLAFinetuning":
    """Load the base and put on it what is trained."""
    device = recipe.device or default_device()
    dtype = torch.bfloat16 if on_gpu(device) else torch.float32
    torch.manual_seed(recipe.seed)
    model = load_openvla(recipe.base, dtype=dtype, device=device, bits=recipe.bits or None)
    if model.tokenizer is None:
        raise NoTokenizer
    model.gradient_checkpointing(recipe.checkpointing and on_gpu(device))
    numbers, state = looks.actions.shape[-1], looks.proprioception.shape[-1]
    head, grounding = _beside(recipe, model, numbers, state)
    adapted = add_lora(model, recipe.lora_rank, min(recipe.lora_rank, ALPHA))
    statistics = Statistics.measure(looks.actions.reshape(-1, numbers), scaled(numbers))
    body = Statistics.measure(looks.proprioception, [True] * state)
    batches = LookBatches(model, head, grounding, looks, statistics, body, recipe.augment)
    return OpenVLAFinetuning(recipe, job, progress, adapted, batches)


def _beside(
    recipe: Recipe, model: OpenVLA, numbers: int, state: int
) -> tuple[ChunkHead | None, GroundingHead | None]:
    """For actions and proprioception of so many numbers."""
    width = model.settings.language.hidden_size
    plan = ChunkPlan(width=width, steps=recipe.chunk, proprioception=state, numbers=numbers)
    head = ChunkHead(plan).to(model.device) if recipe.chunk > 1 else None
    grounding = GroundingHead(width).to(model.device) if recipe.grounding else None
    return head, grounding


@dataclass(frozen=True, slots=True)
class OpenVLAFinetuning:
    """One running fine-tuning."""

    recipe: Recipe
    job: JobFolder
    progress: Progress
    adapted: PeftModel
    batches: LookBatches

    @property
    def steps(self) -> int:
        return self.recipe.steps or PRESETS[self.recipe.preset]

    @property
    def objectives(self) -> dict[str, float]:
        """What is minimised, each with its weight."""
        patches = {"patches": self.recipe.grounding} if self.recipe.grounding else {}
        return {"action": 1.0, **patches}

    @property
    def beside(self) -> dict[str, nn.Module]:
        """What is trained beside the adapter."""
        parts = {"head": self.batches.head, "grounding": self.batches.grounding}
        return {name: part for name, part in parts.items() if part is not None}

    @property
    def parameters(self) -> list[nn.Parameter]:
        modules = (self.adapted, *self.beside.values())
        return [p for module in modules for p in module.parameters() if p.requires_grad]

    def run(self) -> None:
        """All steps, or those that are left. Each draws from its own seed, so a run that is
        resumed sees the same batches."""
        optimizer = torch.optim.AdamW(self.parameters, lr=self.recipe.rate)
        for step in range(self._resumed(optimizer), self.steps):
            figures = self._step(step, optimizer)
            self.progress.step(STAGE, step, self.steps, **figures)
            if step % CHECKPOINT_STEPS == CHECKPOINT_STEPS - 1:
                self._save(step + 1, optimizer)

    def _step(self, step: int, optimizer: torch.optim.Optimizer) -> dict[str, float]:
        recipe, size = self.recipe, self.recipe.micro_batch or self.recipe.batch
        rng = np.random.default_rng([recipe.seed, step])
        torch.manual_seed(recipe.seed * 1_000_003 + step)
        optimizer.zero_grad()
        seen = []
        self.adapted.train()
        for _ in range(recipe.batch // size):
            batch = self.batches.draw(rng, size)  # pictures keep their full precision
            with self._autocast():
                losses = self.batches.losses(batch)
                loss = weighted(losses, self.objectives).total
            (loss * size / recipe.batch).backward()
            seen.append(_figures(losses))
        optimizer.step()
        return {name: float(np.mean([each[name] for each in seen])) for name in seen[0]}

    @contextmanager
    def _autocast(self) -> Iterator[None]:
        kind = self.batches.model.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            yield

    @property
    def _path(self) -> Path:
        return self.job.path / "checkpoint.pt"

    def _save(self, step: int, optimizer: torch.optim.Optimizer) -> None:
        state: dict[str, Any] = {"step": step, "optimizer": optimizer.state_dict()}
        state["adapter"] = get_peft_model_state_dict(self.adapted, save_embedding_layers=False)
        state |= {name: part.state_dict() for name, part in self.beside.items()}
        save_checkpoint(state, self._path)

    def _resumed(self, optimizer: torch.optim.Optimizer) -> int:
        step = self.take_up_saved(optimizer)
        if step:
            logger.info("Going on at step %d.", step)
        return step

    def take_up_saved(self, optimizer: torch.optim.Optimizer | None = None) -> int:
        """Make everything what it was when it was saved last; returns the step that comes then, 0
        where nothing was."""
        state: dict[str, Any] | None = load_checkpoint(self._path)
        if state is None:
            return 0
        set_peft_model_state_dict(self.adapted, state["adapter"])
        for name, part in self.beside.items():
            part.load_state_dict(state[name])
        if optimizer:
            optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])

    def register(
        self, learned: tuple[TakeReference, ...], mounted: Embodiment, stopped: int = 0
    ) -> Path:
        """The adapter's folder; ``learned``: the takes as they were read, with what was
        ``mounted``; ``stopped``: at which step, where it is not finished."""
        recipe, looks = self.recipe, self.batches.looks
        statistics = {
            "action": self.batches.statistics.as_json(),
            BODY: self.batches.body.as_json(),
            "samples": len(looks),
            "time": time.time(),
        }
        when = f"at step {stopped} of {self.steps}" if stopped else ""
        name = recipe.name or looks.instructions[0][0]
        name = f"{name} (stopped)" if stopped else name
        card = AdapterCard(
            name=free_name(self.job.data, name),
            base=recipe.base,
            base_sha256=fingerprint(checkpoint_folder(recipe.base)),
            takes=learned,
            stopped=when,
            embodiment=mounted,
            statistics=statistics,
            config={**recipe.model_dump(mode="json"), "family": "openvla"},
        )
        with new_adapter(self.job.data) as folder:
            save_parts(folder, self.adapted, self.batches.head, self.batches.grounding)
            write_card(folder, card)
            finished = finished_path(folder)
        if not stopped:
            self._path.unlink(missing_ok=True)  # larger than the adapter
        return finished


def _figures(losses: Losses) -> dict[str, float]:
    figures = {"action": float(losses.action.detach()), "l1": losses.l1}
    if losses.accuracy == losses.accuracy:  # a chunk has no tokens
        figures["accuracy"] = losses.accuracy
    if losses.grounding.requires_grad:
        figures["grounding"] = float(losses.grounding.detach())
    return figures
