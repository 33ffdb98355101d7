"""Jobs that a command starts and waits for: the same ones that the pages start."""

from pathlib import Path

from rich.console import Console

from ...jobs.begin import begin
from ...jobs.folder import JobFolder, list_jobs
from ...jobs.launcher import end, resume
from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject
from ..processes.job_kinds import KINDS
from ..processes.job_launcher import LAUNCHER
from .bars import bars, follow

INTERRUPTED = 130
UNTOLD = "trials"  # a result that is too long for the terminal


class UnknownJob(TeachloopError):
    def __init__(self, job_id: str, known: list[str]) -> None:
        super().__init__(f"No job {job_id!r}. Known: {', '.join(known) or 'none'}.")


def started(data: Path, kind: str, asked: JsonObject) -> JobFolder:
    """A new job on its way. Raises BadSettings, AlreadyUnderWay, and what its kind checks."""
    return begin(data, KINDS[kind], asked, LAUNCHER)


def resumed(data: Path, kind: str, job_id: str) -> JobFolder:
    """A stopped job on its way again. Raises UnknownJob, JobNotResumable."""
    jobs = {job.id: job for job in list_jobs(data) if _kind(job) == kind}
    if job_id not in jobs:
        raise UnknownJob(job_id, list(jobs))
    resume(jobs[job_id], LAUNCHER)
    return jobs[job_id]


def attend(job: JobFolder, title: str) -> int:
    """Show the job to its end and print its result; Ctrl-C cancels it. Returns the exit code."""
    try:
        with bars() as progress:
            status = follow(job, progress, progress.add_task(title, total=1.0, message=""))
    except KeyboardInterrupt:
        end(job)
        Console(stderr=True).print(f"Cancelled. To go on: --resume {job.id}", highlight=False)
        return INTERRUPTED
    for name, value in status.result.items():
        if name != UNTOLD:
            print(f"{name}: {value}")
    return 0


def _kind(job: JobFolder) -> str:
    """Nothing where it cannot be read: that is no fault of the other jobs."""
    try:
        return job.spec.kind
    except TeachloopError:
        return ""
