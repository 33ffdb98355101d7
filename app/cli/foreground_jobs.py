"""`teachloop finetune` and `teachloop evaluate`: the same jobs that the pages start."""

from pathlib import Path

from rich.console import Console

from ...datasets.labels.labels import Labels
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKES
from ...jobs.folder import JobFolder, list_jobs, submit
from ...jobs.launcher import end, resume
from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject
from ...training.policies.base_names import DEFAULT, is_openvla
from ..processes.job_kinds import KINDS
from ..processes.job_launcher import LAUNCHER
from .job_view import bars, follow
from .model_commands import Evaluate, Finetune


class UnknownJob(TeachloopError):
    def __init__(self, job_id: str, known: list[str]) -> None:
        super().__init__(f"No job {job_id!r}. Known: {', '.join(known) or 'none'}.")


class NothingToLearn(TeachloopError):
    def __init__(self, data: object) -> None:
        super().__init__(f"{data} has no labelled take. Record and label one first.")


def run_finetune(command: Finetune) -> int:
    """Train, showing progress; Ctrl-C cancels, and --resume goes on later."""
    if command.resume:
        return _attend(_resumed(command), "fine-tune")
    takes = command.takes or usable_takes(command.data, masks=not is_openvla(command.base))
    if not takes:
        raise NothingToLearn(command.data)
    asked: JsonObject = {
        "takes": list(takes),
        "name": command.name,
        "base": command.base or DEFAULT,
        "preset": command.preset,
        "rollouts": command.rollouts,
    }
    if is_openvla(command.base):
        asked |= command.openvla.model_dump(mode="json")
    return _attend(_started(command.data, "finetune", asked), "fine-tune")


def run_evaluate(command: Evaluate) -> int:
    asked: JsonObject = {
        "base": command.base or DEFAULT,
        "adapter": command.adapter,
        "verb": command.verb,
        "split": command.split,
        "rollouts": command.rollouts,
        "seed": command.seed,
    }
    return _attend(_started(command.data, "evaluate", asked), "evaluate")


def usable_takes(data: Path, masks: bool = True) -> list[str]:
    """Ids of all takes that are whole, were neither binned nor a failure, and have ``masks``
    where they are needed."""
    return sorted(folder.name for folder in (data / TAKES).glob("*") if _usable(folder, masks))


def _usable(folder: Path, masks: bool) -> bool:
    try:
        labels = Labels.open(folder).snapshot
        Take.open(folder).close()
    except TeachloopError:
        return False
    labelled = bool(labels.masks) or not masks
    return labelled and not labels.deleted and labels.success is not False


def _started(data: Path, kind: str, asked: JsonObject) -> JobFolder:
    """Raises BadSettings."""
    job = submit(data, kind, KINDS[kind].read(asked))
    LAUNCHER.start(job)
    return job


def _resumed(command: Finetune) -> JobFolder:
    jobs = {job.id: job for job in list_jobs(command.data) if _kind(job) == "finetune"}
    if command.resume not in jobs:
        raise UnknownJob(command.resume, list(jobs))
    resume(jobs[command.resume], LAUNCHER)
    return jobs[command.resume]


def _kind(job: JobFolder) -> str:
    """Nothing where it cannot be read: that is no fault of the other jobs."""
    try:
        return job.spec.kind
    except TeachloopError:
        return ""


def _attend(job: JobFolder, title: str) -> int:
    try:
        with bars() as progress:
            status = follow(job, progress, progress.add_task(title, total=1.0, message=""))
    except KeyboardInterrupt:
        end(job)
        Console(stderr=True).print(f"Cancelled. To go on: --resume {job.id}", highlight=False)
        return 130
    for name, value in status.result.items():
        if name != "trials":
            print(f"{name}: {value}")
    return 0
