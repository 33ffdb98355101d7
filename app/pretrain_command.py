"""`teachloop pretrain`: makes a base, showing how far it is."""

from dataclasses import dataclass
from typing import Any

import tyro
from rich.progress import Progress

from ..training.pretrain import PretrainConfig, pretrain
from .job_view import bars


@dataclass(frozen=True)
class Pretrain:
    """Make a base from the scripted expert alone; the same command goes on after a stop."""

    config: tyro.conf.OmitArgPrefixes[PretrainConfig]

    def run(self) -> int:
        with bars() as progress:
            folder = pretrain(self.config, _Bars(progress))
        print(folder)
        return 0


class _Bars:
    """A bar for each stage, made when the stage is first heard of."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._tasks: dict[str, Any] = {}

    def __call__(self, stage: str, share: float, figures: dict[str, Any]) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self.progress.add_task(stage, total=1.0, message="")
        shown = (f"{name} {_short(value)}" for name, value in figures.items())
        self.progress.update(self._tasks[stage], completed=share, message=", ".join(shown))


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
