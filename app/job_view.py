"""A job on the terminal: a bar, its stage and message, the time that is left."""

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ..datasets.errors import TeachloopError
from ..training.jobs import JobFolder, JobStatus, wait

CANCEL_GRACE_S = 20.0


class JobNotDone(TeachloopError):
    def __init__(self, job: JobFolder, status: JobStatus) -> None:
        reason = status.message or "its process ended without a word"
        super().__init__(f"The {job.spec.kind} job {status.state}: {reason} See {job.path}/log.txt")


def bars() -> Progress:
    """Bars on standard error, so that standard output stays for results."""
    return Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=28),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}"),
        console=Console(file=sys.stderr),
    )


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


def end(job: JobFolder) -> None:
    """Cancel a job and wait until its process is gone, or for as long as patience lasts."""
    job.cancel()
    deadline = time.monotonic() + CANCEL_GRACE_S
    while job.alive and time.monotonic() < deadline:
        time.sleep(0.1)
