"""The whole loop unattended: record, label, fine-tune, roll out, through the same station,
labeler and jobs that the pages use."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue
from rich.progress import Progress, TaskID

from ...jobs.folder import JobFolder, submit
from ...jobs.launcher import end, resume
from ...jobs.status import JobStatus
from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject
from ...training.adapters.registry import record_evaluation
from ...training.evaluation.results import Evaluation
from ...training.finetune_result import FinetuneResult
from ..cli.bars import bars, follow
from ..processes.job_kinds import KINDS
from ..processes.job_launcher import LAUNCHER
from .labeling import Labeling
from .plan import Plan, open_plan
from .report import Report, print_report
from .station import operated_station, record_take

VERB = "push"  # the base has never seen it
TRIES = 3  # layouts for each take that is wanted


class ExpertFailed(TeachloopError):
    def __init__(self, kept: int, wanted: int) -> None:
        super().__init__(
            f"Only {kept} of {wanted} takes succeeded within {TRIES * wanted} layouts. "
            "Try another --seed."
        )


def run_demo(plan: Plan, *, as_json: bool = False) -> int:
    """Run a demo, or go on with it; prints the table and, if asked for, a line of JSON."""
    plan = open_plan(plan)
    with _stopped_by_kill(), bars() as progress:
        report = Loop(plan, progress).run()
    print_report(report)
    if as_json:
        print(report.figures().model_dump_json(), flush=True)
    return 0


@contextlib.contextmanager
def _stopped_by_kill() -> Iterator[None]:
    """A plain kill cleans up as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(frozen=True, slots=True)
class Loop:
    """One demo on its way."""

    plan: Plan
    progress: Progress

    def run(self) -> Report:
        """However it ends, no process that it started is left."""
        try:
            # The base is tried while takes are recorded, which leaves a core half idle.
            self._begin("before", "evaluate", self._evaluation())
            self._record_and_label()
            return self._train_and_try()
        finally:
            for name in self.plan.jobs:
                end(self._job(name))

    def _record_and_label(self) -> None:
        wanted = self.plan.episodes
        recorded = self._bar("record", total=wanted, completed=len(self.plan.takes))
        labeled = self._bar("label", total=wanted, completed=len(self.plan.labels))
        with Labeling(self.plan) as labeling:
            for _ in self._record():
                labeling.begin_new()
                self.progress.update(recorded, completed=len(self.plan.takes))
                self.progress.update(labeled, completed=labeling.harvest())
            for done in labeling.finish():
                self.progress.update(labeled, completed=done)

    def _record(self) -> Iterator[None]:
        """Yields after every kept take, and once before the first."""
        yield
        if len(self.plan.takes) >= self.plan.episodes:
            return
        with operated_station(self.plan.out) as client:
            for seed in self._layouts():
                take = record_take(client, seed, VERB)
                if take is not None:
                    self.plan.takes[seed] = take
                    self.plan.save()
                    yield
                if len(self.plan.takes) >= self.plan.episodes:
                    return
        raise ExpertFailed(len(self.plan.takes), self.plan.episodes)

    def _layouts(self) -> list[int]:
        first = self.plan.first_seed
        seeds = range(first, first + TRIES * self.plan.episodes)
        return [seed for seed in seeds if seed not in self.plan.takes]

    def _train_and_try(self) -> Report:
        before = self._finish("before")
        self._begin("finetune", "finetune", self._training())
        tuned = self._finish("finetune")
        adapter = FinetuneResult.read(tuned.result).adapter
        self._begin("after", "evaluate", {**self._evaluation(), "adapter": adapter})
        after = self._finish("after")
        report = Report(
            plan=self.plan,
            before=Evaluation.read(before.result),
            finetune_s=tuned.worked_s,
            adapter=adapter,
            after=Evaluation.read(after.result),
        )
        record_evaluation(self.plan.out, adapter, report.scores)
        return report

    def _evaluation(self) -> JsonObject:
        return {
            "base": self.plan.base,
            "verb": VERB,
            "split": "novel",
            "rollouts": self.plan.rollouts,
            "seed": self.plan.first_unseen,
        }

    def _training(self) -> JsonObject:
        takes: list[JsonValue] = [take for _, take in sorted(self.plan.takes.items())]
        return {"takes": takes, "base": self.plan.base, "preset": self.plan.preset}

    def _begin(self, name: str, kind: str, asked: JsonObject) -> None:
        """Start the job of that name, or go on with it; nothing when it is done already."""
        if name not in self.plan.jobs:
            self.plan.jobs[name] = submit(self.plan.out, kind, KINDS[kind].read(asked)).id
            self.plan.save()
        job = self._job(name)
        state = job.status.state
        if state == "queued" and not job.alive:
            LAUNCHER.start(job)
        elif state in ("failed", "crashed", "cancelled"):
            resume(job, LAUNCHER)

    def _finish(self, name: str) -> JobStatus:
        """Wait for the job. Raises JobNotDone."""
        return follow(self._job(name), self.progress, self._bar(name, total=1.0))

    def _job(self, name: str) -> JobFolder:
        return JobFolder(self.plan.out / "jobs" / self.plan.jobs[name])

    def _bar(self, title: str, total: float, completed: int = 0) -> TaskID:
        return self.progress.add_task(title, message="", total=total, completed=completed)
