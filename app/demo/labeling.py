"""The demo's takes being labelled, in a process beside the recording."""

import os
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from ...runtime.processes.pool import WorkerPool
from .plan import Accuracy, Plan

NICENESS = 5  # the recording beside it comes first


class Labeling:
    """Labels the plan's takes as they come. Use as a context manager."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._waiting: dict[str, Future[Accuracy]] = {}
        self._pool = WorkerPool(1, "labeling the takes", _prepare)

    def __enter__(self) -> "Labeling":
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.__exit__(*error)

    def begin_new(self) -> None:
        """Hand on every take that is neither labelled nor waiting for it."""
        for seed, take in self.plan.takes.items():
            if take not in self.plan.labels and take not in self._waiting:
                folder = self.plan.out / "takes" / take
                self._waiting[take] = self._pool.submit(_annotate, folder, seed)

    def harvest(self) -> int:
        """Write down what is done; how many takes are labelled by now."""
        for take in [take for take, future in self._waiting.items() if future.done()]:
            self._note(take)
        return len(self.plan.labels)

    def finish(self) -> Iterator[int]:
        """Wait for the rest; yields how many takes are labelled. Raises WorkerDied."""
        while self._waiting:
            self._note(next(iter(self._waiting)))
            yield len(self.plan.labels)

    def _note(self, take: str) -> None:
        self.plan.labels[take] = self._pool.result(self._waiting.pop(take))
        self.plan.save()


def _prepare() -> None:
    os.nice(NICENESS)


def _annotate(folder: Path, seed: int) -> Accuracy:
    # The labeler and the simulator are imported where they work, not beside the recording.
    from .annotator import label_as_a_person

    return label_as_a_person(folder, seed)
