"""What a running job tells: stage, share, time left and figures."""

import time
from collections.abc import Sequence

from .folder import JobFolder

EVERY_S = 0.5
TRIALS_SHARE = 0.3  # of a job that tries its adapter when it is trained


class Progress:
    """Writes a job's status and metrics, at most twice a second, and notices a cancel."""

    def __init__(self, job: JobFolder, stages: Sequence[str], then_tries: bool = False) -> None:
        self.job = job
        self.stages = ("takes", *stages)
        self._share = 1 - TRIALS_SHARE if then_tries else 1.0
        self._began = time.monotonic()
        self._told = 0.0

    def step(self, stage: str, step: int, steps: int, **figures: float) -> None:
        """After step ``step`` of ``steps``. Raises JobCancelled."""
        self.job.append_metrics(stage=stage, step=step, **figures)
        text = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        self.share(stage, text, (step + 1) / steps)

    def share(self, stage: str, message: str, share: float) -> None:
        """The stage is done to ``share``. Raises JobCancelled."""
        self.job.raise_if_cancelled()
        now = time.monotonic()
        if now - self._told < EVERY_S and share < 1:
            return
        self._told = now
        total = self._total(stage, share)
        spent = now - self._began
        left = spent * (1 - total) / total if total > 0.02 else None
        self.job.update(stage=stage, message=message, progress=total, eta_s=left)

    def _total(self, stage: str, share: float) -> float:
        """The takes count for a twentieth, the stages for equal parts of the rest."""
        number = self.stages.index(stage)
        if number == 0:
            return self._share * 0.05 * share
        return self._share * (0.05 + 0.95 * (number - 1 + share) / (len(self.stages) - 1))
