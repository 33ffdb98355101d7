"""Adapters that learn from takes of a folder, and how often they succeed; a run that was stopped
goes on where it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frame import say

from teachloop.jobs.folder import JobFolder
from teachloop.runtime.json_file import read_json, write_json
from teachloop.simulation.language import Verb
from teachloop.training.evaluation.layouts import SceneSet
from teachloop.training.evaluation.rollout_pool import PolicySpec, run_trials
from teachloop.training.finetuning import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.policies.base_names import DEFAULT

from .recording import SPLIT, VERB


@dataclass(frozen=True, slots=True)
class Learning:
    """Where takes, adapters and trials lie, and how many processes there are."""

    data: Path
    processes: int
    preset: str = "quick"
    verb: Verb = VERB

    def adapter(self, name: str, takes: Sequence[str], **settings: Any) -> Path:
        """Folder of the adapter of that name, which learns from these takes unless it is there."""
        path = self.data / f"{name}.adapter.json"
        if path.exists():
            return Path(read_json(path)["folder"])
        job = JobFolder(self.data / "jobs" / name)
        job.path.mkdir(parents=True, exist_ok=True)
        asked: dict[str, Any] = {"preset": self.preset, **settings}
        config = FinetuneConfig(
            takes=tuple(takes), base=DEFAULT, name=name, threads=self.processes, **asked
        )
        folder = Path(finetune(job, config).folder)
        write_json(path, {"folder": str(folder)})
        return folder

    def success(self, name: str, adapter: Path, first_layout: int, count: int) -> float:
        """The share of layouts, from the first on, in which an adapter succeeds."""
        layouts = SceneSet(verb=self.verb, split=SPLIT, first_seed=first_layout, count=count)
        policy = PolicySpec(base=DEFAULT, adapter=adapter)
        path = self.data / f"{name}.json"
        tried = read_json(path) if path.exists() else {}
        left = [seed for seed in layouts.seeds if str(seed) not in tried]
        for trial in run_trials(policy, layouts, left, self.processes):
            tried[str(trial.seed)] = trial.success
            write_json(path, tried)
        say(f"{self.data.name}, {name}: {sum(tried.values())} of {len(tried)}")
        return sum(tried.values()) / len(tried)
