"""`teachloop evaluate`: the same job that the pages start."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...runtime.json_file import JsonObject
from ...simulation.language import Verb
from ...training.policies.base_names import DEFAULT
from .command import default_data, require_at_least


@dataclass(frozen=True)
class Evaluate:
    """Roll a policy out on unseen layouts in the simulator and count its successes."""

    data: Path = field(default_factory=default_data)
    """The data folder."""
    adapter: str = ""
    """Id of the adapter; the base alone when left out."""
    base: str = ""
    """Folder of the base policy, where no adapter names it; the shipped one when left out."""
    verb: Verb = "push"
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
        from .foreground import attend, started

        return attend(started(self.data, "evaluate", self._asked()), "evaluate")

    def _asked(self) -> JsonObject:
        return {
            "base": self.base or DEFAULT,
            "adapter": self.adapter,
            "verb": self.verb,
            "split": self.split,
            "rollouts": self.rollouts,
            "seed": self.seed,
        }
