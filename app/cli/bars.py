"""Progress on the terminal: a bar, its stage and message, the time that is left."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from ...jobs.folder import JobFolder
from ...jobs.launcher import wait
from ...jobs.status import JobStatus
from ...runtime.errors import TeachloopError


class JobNotDone(TeachloopError):
    def __init__(self, job: JobFolder, status: JobStatus) -> None:
        reason = status.message or "its process ended without a word"
        super().__init__(f"The {job.spec.kind} job {status.state}: {reason} See {job.path}/log.txt")


def bars() -> Progress:
    """Bars on standard error, so that standard output stays for results."""
    return Progress(
        TextColumn("{task.description}", table_column=Column(width=10, no_wrap=True)),
        BarColumn(bar_width=20),
        TextColumn("{task.percentage:>3.0f} %", table_column=Column(width=5)),
        TimeElapsedColumn(table_column=Column(width=7)),
        TextColumn("{task.fields[message]}", table_column=Column(ratio=1, no_wrap=True)),
        console=Console(file=sys.stderr),
        expand=True,
    )


@contextmanager
def bar(name: str) -> Iterator[Callable[[str, float], None]]:
    """One bar; what it gives is told a message and the share that is done."""
    with bars() as progress:
        task = progress.add_task(name, total=1.0, message="")

        def tell(message: str, share: float) -> None:
            progress.update(task, completed=share, message=message)

        yield tell
        progress.update(task, completed=1.0)


def show(progress: Progress, task: TaskID, status: JobStatus) -> None:
    left = f", {status.eta_s:.0f} s left" if status.eta_s else ""
    waits = "waiting for its turn" if status.state == "queued" else status.message
    message = f"{status.stage} {waits}{left}".strip()
    progress.update(task, completed=status.progress, message=message)


def follow(job: JobFolder, progress: Progress, task: TaskID) -> JobStatus:
    """Show the job until it has ended. Raises JobNotDone unless it is done."""
    status = wait(job, seen=lambda status: show(progress, task, status))
    if status.state != "done":
        raise JobNotDone(job, status)
    return status


class StageBars:
    """A bar for each stage, made when the stage is first heard of."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, share: float, figures: Mapping[str, float | str]) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self.progress.add_task(stage, total=1.0, message="")
        shown = (f"{name} {_short(value)}" for name, value in figures.items())
        self.progress.update(self._tasks[stage], completed=share, message=", ".join(shown))


def _short(value: float | str) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
