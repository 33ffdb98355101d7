"""Commands about bases and adapters: a field's text is its help."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from ...training.grounded.pretrain_config import PretrainConfig
from ...training.openvla.recipe import RecipeOptions
from .command import default_data, require_at_least

Preset = Literal["tiny", "quick", "better"]


@dataclass(frozen=True)
class Pretrain:
    """Make a base from the scripted expert alone; hours of work, and the same command goes on
    after a stop."""

    config: tyro.conf.OmitArgPrefixes[PretrainConfig]

    def run(self) -> int:
        from .pretraining import run_pretrain

        return run_pretrain(self.config)


@dataclass(frozen=True)
class Finetune:
    """Train an adapter on labelled takes; goes on where it stopped with --resume."""

    data: Path = field(default_factory=default_data)
    """The data folder."""
    takes: tuple[str, ...] = ()
    """Ids of the takes to train on; all that are usable when left out."""
    name: str = ""
    """Name of the adapter; the takes' task when left out."""
    base: str = ""
    """Folder of the base policy; the shipped one when left out."""
    preset: Preset = "quick"
    """How much time to spend; tiny only tries whether everything runs."""
    rollouts: int = 0
    """Unseen layouts of the simulator to try base and adapter on afterwards; 0: none."""
    openvla: RecipeOptions = field(default_factory=RecipeOptions)
    """Settings that only an OpenVLA asks for."""
    resume: str = ""
    """Id of a stopped job to go on with; its own settings count then."""

    def run(self) -> int:
        require_at_least(0, rollouts=self.rollouts)
        from .foreground_jobs import run_finetune

        return run_finetune(self)


@dataclass(frozen=True)
class Evaluate:
    """Roll a policy out on unseen layouts in the simulator and count its successes."""

    data: Path = field(default_factory=default_data)
    """The data folder."""
    adapter: str = ""
    """Id of the adapter; the base alone when left out."""
    base: str = ""
    """Folder of the base policy, where no adapter names it; the shipped one when left out."""
    verb: Literal["pick", "put", "stack", "push"] = "push"
    """What the tasks ask for."""
    split: Literal["base", "novel"] = "novel"
    """Whether layouts come from what the base has seen or from what it has not."""
    rollouts: int = 50
    """Number of layouts."""
    seed: int = 1_000_000
    """First layout; the others follow it."""

    def run(self) -> int:
        require_at_least(1, rollouts=self.rollouts)
        require_at_least(0, seed=self.seed)
        from .foreground_jobs import run_evaluate

        return run_evaluate(self)


@dataclass(frozen=True)
class ImportAdapter:
    """Bring in an OpenVLA LoRA that the reference script trained."""

    folder: Annotated[Path, tyro.conf.Positional]
    """What peft saved: adapter_config.json and adapter_model.safetensors."""
    statistics: Path
    """The run's dataset_statistics.json."""
    base: str = "openvla/openvla-7b"
    """The OpenVLA it was trained on: folder or hub id."""
    dataset: str = ""
    """Whose statistics, where the file has several."""
    name: str = ""
    """Name of the adapter; the folder's when left out."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...training.openvla.exchange import register_published

        name = self.name or self.folder.resolve().name
        print(
            register_published(
                self.data, self.base, self.folder, self.statistics, name, self.dataset
            )
        )
        return 0


@dataclass(frozen=True)
class MergeAdapter:
    """Write an OpenVLA with an adapter merged into it, in the published layout."""

    adapter: Annotated[str, tyro.conf.Positional]
    """Id of the adapter."""
    out: Path
    """The checkpoint's folder, which must not be there yet."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...training.adapters.registry import get_adapter
        from ...training.openvla.exchange import write_merged

        write_merged(get_adapter(self.data, self.adapter), self.out)
        print(self.out)
        return 0
