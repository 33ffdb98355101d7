"""What a running job tells: stage, share, time left and figures."""

import time
from collections.abc import Sequence

from .folder import JobFolder
from .tensorboard import TensorBoardLog

EVERY_S = 0.5
TRIALS_SHARE = 0.3  # of a job that tries its adapter when it is trained


class StageProgress:
    """Tells how far a job of one stage is, at most twice a second, and notices a cancel."""

    def __init__(self, job: JobFolder, stage: str) -> None:
        self._job, self._stage = job, stage
        self._told = 0.0

    def share(self, message: str, share: float) -> None:
        """It is done to ``share``. Raises JobCancelled."""
        self._job.raise_if_cancelled()
        now = time.monotonic()
        if now - self._told >= EVERY_S:
            self._told = now
            self._job.update(stage=self._stage, message=message, progress=share)


class Progress:
    """Writes a job's status and metrics, at most twice a second, and notices a cancel."""

    def __init__(self, job: JobFolder, stages: Sequence[str], trials_s: float | None = 0.0) -> None:
        """``trials_s``: what trying it will take afterwards; None where nobody knows."""
        self.job = job
        self.stages = ("takes", *stages)
        self._curves = TensorBoardLog(job.path)
        self._trials_s = trials_s
        self._share = 1.0 if trials_s == 0 else 1 - TRIALS_SHARE
        self._began = time.monotonic()
        self._told = 0.0

    def step(
        self, stage: str, step: int, steps: int, before: float = 0.0, **figures: float
    ) -> None:
        """After step ``step`` of ``steps``; ``before``: the share of the stage that lies before
        its first. Raises JobCancelled."""
        self.job.append_metrics(stage=stage, step=step, **figures)
        self._curves.add(stage, step, figures)
        text = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        self.share(stage, text, before + (1 - before) * (step + 1) / steps)

    def reading(self, message: str, share: float) -> None:
        """The takes are read to ``share``. Raises JobCancelled."""
        self.share(self.stages[0], message, share)

    def share(self, stage: str, message: str, share: float) -> None:
        """The stage is done to ``share``. Raises JobCancelled."""
        self.job.raise_if_cancelled()
        now = time.monotonic()
        if now - self._told < EVERY_S and share < 1:
            return
        self._told = now
        done = self._trained(stage, share)
        left = self._left_s(done, now - self._began)
        self.job.update(stage=stage, message=message, progress=self._share * done, eta_s=left)

    def _trained(self, stage: str, share: float) -> float:
        """The takes count for a twentieth, the stages for equal parts of the rest."""
        number = self.stages.index(stage)
        if number == 0:
            return 0.05 * share
        return 0.05 + 0.95 * (number - 1 + share) / (len(self.stages) - 1)

    def _left_s(self, done: float, spent: float) -> float | None:
        if done <= 0.02:
            return None
        if self._trials_s is None:
            done *= self._share
        return spent * (1 - done) / done + (self._trials_s or 0.0)
