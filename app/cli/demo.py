"""`teachloop demo`: the whole loop unattended."""

import time
from dataclasses import dataclass
from pathlib import Path

from ...training.policies.registry import absolute_name
from ..demo.plan import Plan
from .command import Preset, default_data, require_at_least


@dataclass(frozen=True)
class Demo:
    """Run the whole loop unattended on the simulated Franka, and print what came of it."""

    episodes: int = 20
    """Takes to record of a task that the base has never seen."""
    rollouts: int = 50
    """Unseen layouts to try before and after fine-tuning."""
    seed: int = 11
    """Decides every layout; another seed records and tries others."""
    base: str = ""
    """Folder of the base policy to begin with; the shipped one when left out."""
    preset: Preset = "quick"
    """How much time to spend on training; tiny only tries whether everything runs."""
    out: Path | None = None
    """Folder for everything that is made; a new one under the data folder when left out."""
    json: bool = False
    """End with one line of JSON on standard output."""

    def run(self) -> int:
        require_at_least(1, episodes=self.episodes, rollouts=self.rollouts)
        require_at_least(0, seed=self.seed)
        from ..demo.loop import run_demo

        return run_demo(self._plan(), as_json=self.json)

    def _plan(self) -> Plan:
        """Raises UnknownBase."""
        out = self.out or default_data() / "demos" / time.strftime("%Y%m%d-%H%M%S")
        return Plan(
            out=out.resolve(),
            episodes=self.episodes,
            rollouts=self.rollouts,
            seed=self.seed,
            base=absolute_name(self.base),
            preset=self.preset,
        )
