"""`teachloop pretrain`: makes a base, showing how far it is."""

from typing import Any

from rich.progress import Progress

from ...training.grounded.pretrain import pretrain
from ...training.grounded.pretrain_config import PretrainConfig
from .job_view import bars


def run_pretrain(config: PretrainConfig) -> int:
    """Make the base, or go on making it; prints its folder."""
    with bars() as progress:
        print(pretrain(config, _Bars(progress)))
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
