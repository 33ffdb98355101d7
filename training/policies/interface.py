"""What a family of policies offers: bases that act, alone or with an adapter, and that learn one.
Imports nothing heavy."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from ...jobs.config import JobConfig, Rollouts, Takes
from ...jobs.folder import JobCancelled, JobFolder
from .chunk_agent import ChunkAgent

AgentFor = Callable[[str], ChunkAgent]
"""Makes the agent that follows an instruction."""


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy that was loaded; called with an instruction, it makes the agent that follows it."""

    agent_for: AgentFor
    rate_hz: float
    """Of the ticks of its chunks: that at which it read the takes that it learned from."""

    def __call__(self, instruction: str) -> ChunkAgent:
        return self.agent_for(instruction)


class Plan(BaseModel):
    """What a person wants to know before training on a base."""

    model_config = ConfigDict(frozen=True)

    trains: str
    disk: str
    presets: dict[str, tuple[str, str]]
    """Steps and time of each preset, in words."""
    loading_s: float | None = None
    """Loading base and adapter to try them; None: not measured."""
    layout_s: float | None = None
    """Trying both, and the replay of the takes, on one layout."""

    def trials_s(self, layouts: int) -> float | None:
        """Trying all of them on so many layouts; None: not measured."""
        if not layouts or self.loading_s is None or self.layout_s is None:
            return None if layouts else 0.0
        return self.loading_s + layouts * self.layout_s


class TrainingConfig(JobConfig):
    """What every family is asked for when an adapter is to be trained; each adds its own."""

    takes: Takes
    """Ids of the takes to learn from."""
    base: str
    """What names the base."""
    name: str = ""
    """Name of the adapter; empty: made from the instruction."""
    rollouts: Rollouts = 0
    """Unseen layouts of the simulator to try base, adapter and a replay of the takes on afterwards;
    0: none."""


class StoppedLearning(JobCancelled):
    """A fine-tuning was cancelled; what it had learned by then is an adapter in ``folder``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Cancelled. What it had learned by then is in {folder}.")
        self.folder = folder


Config = TypeVar("Config", bound=TrainingConfig)


class PolicyFamily(ABC, Generic[Config]):
    """One family. Its module is loaded to ask whether it knows a base: what is heavy is imported
    where it is needed."""

    name: ClassVar[str]
    plan: ClassVar[Plan]
    needs_masks: ClassVar[bool] = True
    """Whether takes without masks teach it nothing."""
    several: ClassVar[bool] = True
    """Whether copies of it fit beside each other, so that several processes can roll it out."""
    config: type[Config]
    """The settings of its fine-tuning."""

    @abstractmethod
    def knows(self, base: str) -> bool:
        """Whether this names a base of the family. Never raises."""

    def absolute_name(self, base: str) -> str:
        """What names the base also from another folder. Raises UnknownBase."""
        return str(Path(base).resolve())

    def label(self, base: str) -> str:
        """What the base is called in lists."""
        return Path(base).name

    @abstractmethod
    def open(self, base: str, adapter: Path | None, bits: int) -> LoadedPolicy:
        """Load a base, with an adapter on it; it makes agents, one at a time. ``bits``: 4 or 8 to
        quantise, where the family can. Raises TeachloopError on what cannot be used."""

    @abstractmethod
    def finetune(self, config: Config, job: JobFolder) -> Path:
        """Train an adapter; returns its folder. Goes on where the job was stopped.

        Raises JobCancelled when asked to stop, StoppedLearning where something came of it;
        TeachloopError on what cannot be learned from."""
