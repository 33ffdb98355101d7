"""Where the session meets the disk: what the operator does with takes, told to the writer."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ...datasets.steps import Decider, Pose, Step
from ...runtime.ipc.messages import Failed, Question
from ...runtime.ipc.worker_client import WorkerClient
from ..devices.serialization import PackedAction
from ..writer.messages import (
    REMEMBERED_S,
    Begin,
    Discard,
    Done,
    Drop,
    Ending,
    Finish,
    Finished,
    Forget,
    Keep,
    Mark,
    Open,
    Recall,
    RecordEvent,
    RecordStep,
    Remember,
    Restore,
    TakeFacts,
    Takes,
    TakeSummary,
    WriterNews,
    WriterRequest,
)
from .commands import Started, TakeAnswer
from .health import Health
from .session import MOVING, Phase, Session, WrongPhase

WriterLine: TypeAlias = WorkerClient[WriterRequest, WriterNews]
AnswerTake: TypeAlias = Callable[[TakeAnswer | Failed], None]
AnswerStart: TypeAlias = Callable[[Started | Failed], None]

STOPPED = "The take was stopped before it began."


class RecordingController:
    """Starts, stops, keeps and discards takes. Answers come when the disk has them."""

    def __init__(self, writer: WriterLine, health: Health, facts: Callable[[], TakeFacts]) -> None:
        self.session = Session()
        self.saved = True
        self.ready = False  # whether the writer has looked at the takes that there are
        self.recent: list[TakeSummary] = []
        self._writer, self._health, self._facts = writer, health, facts
        self._begun: AnswerStart | None = None
        self._remembered: Remember | None = None  # the practice that is remembered
        self._refused_ns: int | None = None  # when one was to be kept that the disk refused
        self._attempt = 0  # of a take; what was asked for an earlier one comes too late
        self._led: tuple[int, Step] | None = None  # what was asked for there comes with the next

    @property
    def recording(self) -> bool:
        return self.session.phase is Phase.RECORDING

    def remember(self, now_ns: int, since_ns: int) -> None:
        """Once in a tick in which there is a scene to see: what is practised is remembered, each
        scene by itself, and what nobody can keep any more is forgotten."""
        phase, known = self.session.phase, self._remembered
        if phase is Phase.PRACTISING and (known is None or known.since_ns != since_ns):
            self._health.restart()
            self._led, self._refused_ns = None, None
            self._remembered = Remember(time_ns=now_ns, since_ns=since_ns)
            self._writer.tell(self._remembered)
        elif phase not in (Phase.PRACTISING, Phase.COUNTDOWN) and self._refused_ns is None:
            self._forget()

    def _forget(self) -> None:
        if self._remembered is not None:
            self._remembered, self._refused_ns = None, None
            self._writer.tell(Forget())

    def remembered_s(self, now_ns: int) -> float:
        """How much of what is practised can still be kept; less where it takes much room."""
        if self._remembered is None:
            return 0.0
        until_ns = self._refused_ns or now_ns
        return min(REMEMBERED_S, max(0, until_ns - self._remembered.time_ns) / 1e9)

    def recall(self, now_ns: int, answer: AnswerTake, *, success: bool | None) -> None:
        """Make a take of what was practised last, and review it; one that the disk refused can be
        asked for again while nothing else begins. Raises WrongPhase."""
        if self._remembered is None:
            raise WrongPhase("Nothing was practised that could be kept. Practise first (P).")
        stop_ns = self._refused_ns or now_ns
        start_ns = stop_ns - round(self.remembered_s(stop_ns) * 1e9)
        self._write_led()
        self.session.recall()

        def opened(done: Done | Failed) -> None:
            if isinstance(done, Failed):
                self.session.abandon()
                self._refused_ns = stop_ns
                answer(done)
                return
            self._refused_ns = None
            self.session.opened(done.take)
            self.session.begin(start_ns)
            self.saved = False
            self._writer.tell(Recall(time_ns=stop_ns))
            self.stop(stop_ns, answer, success=success, began_ns=start_ns)

        self._ask_open(opened, answer, recalls_ns=stop_ns)

    def _ask_open(
        self,
        opened: Callable[[Done | Failed], None],
        refuse: Callable[[Failed], None],
        *,
        recalls_ns: int | None = None,
    ) -> None:
        """Have a file made. Whoever asked hears of it, unless it was stopped meanwhile."""
        self._attempt += 1
        attempt = self._attempt

        def then(done: Done | Failed) -> None:
            if attempt == self._attempt:
                opened(done)
                return
            if isinstance(done, Done):
                self._writer.tell(Drop(take=done.take))
            refuse(Failed(error=STOPPED))

        self._writer.ask(Open(facts=self._facts(), recalls_ns=recalls_ns), then)

    def start(
        self, now_ns: int, answer: AnswerStart, *, countdown_s: float, until_done: bool
    ) -> None:
        """Answered with the take's name when it begins, or at once where there is a countdown."""
        self.session.start(now_ns, countdown_s=countdown_s, until_done=until_done)
        self._forget()
        if countdown_s:
            answer(Started(countdown_s=countdown_s))
        self._begun = None if countdown_s else answer
        self.advance(now_ns)

    def advance(self, now_ns: int) -> None:
        """Once in a tick: opens the file of a take whose countdown is over."""
        if self.session.due(now_ns):
            begun = self._begun or _nobody
            self._ask_open(self._opened, begun)

    def _opened(self, answer: Done | Failed) -> None:
        if isinstance(answer, Failed):
            self.session.abandon()
            self._answer_start(answer)
        else:
            self.session.opened(answer.take)

    def _answer_start(self, started: Started | Failed) -> None:
        answer, self._begun = self._begun, None
        if answer is not None:
            answer(started)

    def begin(self, now_ns: int, since_ns: int) -> bool:
        """At the start of a tick: whether the recording begins with it.

        What was seen before ``since_ns`` belongs to another scene.
        """
        if not self.session.begin(now_ns) or self.session.take is None:
            return False
        self._health.restart()
        self.saved, self._led = False, None
        self._writer.tell(Begin(time_ns=now_ns, since_ns=since_ns))
        self.event(now_ns, "start")
        self._answer_start(Started(take=self.session.take.id))
        return True

    def record(self, time_ns: int, step: Step) -> None:
        """Write down what was decided at a tick, also of a practice. Where a person led the arm,
        that is where it was a tick later."""
        if self.session.phase not in MOVING:
            return
        self._write_led(step.observation.ee_pose)
        if step.applied.decided_by == Decider.GUIDED:
            self._led = time_ns, step
        else:
            self._write(time_ns, step)

    def _write_led(self, pose: Pose | None = None) -> None:
        """The step that waits, with the pose (4, 4) that followed it, or else its own."""
        if self._led is None:
            return
        (time_ns, step), self._led = self._led, None
        action = replace(step.applied, ee_pose=step.observation.ee_pose if pose is None else pose)
        self._write(time_ns, replace(step, requested=action, applied=action))

    def _write(self, time_ns: int, step: Step) -> None:
        self._writer.tell(
            RecordStep(
                time_ns=time_ns,
                requested=PackedAction.of(step.requested),
                applied=PackedAction.of(step.applied),
                clipped=list(step.clipped),
            )
        )

    def event(self, time_ns: int, kind: str, text: str = "") -> None:
        """Write down something that happened during a take, or a practice."""
        if self.session.phase in MOVING:
            self._writer.tell(RecordEvent(time_ns=time_ns, event=kind, text=text))

    def stop(
        self,
        now_ns: int,
        answer: AnswerTake,
        *,
        reason: str = "stop",
        text: str = "",
        success: bool | None = None,
        began_ns: int = 0,
    ) -> None:
        """End what runs. A recorded take is answered for once it lies finished on disk."""
        self._write_led()
        self.event(now_ns, reason, text)
        take = self.session.stop(now_ns)
        self._attempt += 1
        self._forget()
        if take is None or self.session.take is None:
            answer(TakeAnswer(take=None))
            return
        if self.session.take.success is None:
            self.session.take.success = success
        health = self._health.of_take(began_ns)
        self._writer.ask(Finish(time_ns=now_ns, health=health), self._finished(answer))

    def _finished(self, answer: AnswerTake) -> Callable[[Finished | Failed], None]:
        def then(done: Finished | Failed) -> None:
            self.saved = not isinstance(done, Failed)
            if isinstance(done, Finished) and self.session.take is not None:
                self.session.take.silent_s = done.silent_s
                self.session.take.started_ns = done.start_ns
            answer(_told(done))

        return then

    def keep(self, success: bool | None, answer: AnswerTake) -> None:
        """The reviewed take stays; how it ended becomes its first label."""
        take = self.session.keep()
        ending = Ending(success=take.success, partly=take.partly)
        said = ending if success in (None, ending.success) else Ending(success=success)
        self._ask(Keep(take=take.id, ending=said), answer)

    def discard(self, answer: AnswerTake) -> None:
        """The reviewed take goes to the bin."""
        self._ask(Discard(take=self.session.discard().id), answer)

    def undo(self, take: str | None, answer: AnswerTake) -> None:
        """A take that this session kept goes to the bin; without a name, the last one."""
        self._ask(Discard(take=self.session.undo(take)), answer)

    def restore(self, take: str | None, answer: AnswerTake) -> None:
        """A take comes back from the bin."""
        self._ask(Restore(take=self.session.restore(take)), answer)

    def mark(self, now_ns: int, ending: Ending, take: str | None, answer: AnswerTake) -> None:
        """Say how a take ended: the current one, or a kept one."""
        running = self.session.take
        if running is not None and take in (None, running.id):
            running.success, running.partly = ending.success, ending.partly
            self.event(now_ns, "success", str(ending))
            answer(TakeAnswer(take=running.id))
        else:
            self._ask(Mark(take=take or self.session.last_kept(), ending=ending), answer)

    def hear(self, takes: Takes) -> None:
        """The writer says which takes there are."""
        self.ready = True
        self.recent = takes.recent
        self.session.learn([each.id for each in takes.recent], takes.binned, takes.removed)

    def lost(self) -> None:
        """The writer is gone: the open take stays as it is on disk, to be recovered."""
        if not self.saved or self.session.phase is Phase.COUNTDOWN:
            self.session.abandon()
        self.saved, self._remembered, self._refused_ns = True, None, None

    def _ask(self, question: Question[Done], answer: AnswerTake) -> None:
        self._writer.ask(question, lambda done: answer(_told(done)))


def _nobody(_answer: Failed) -> None:
    """Waits for it."""


def _told(done: Done | Finished | Failed) -> TakeAnswer | Failed:
    return done if isinstance(done, Failed) else TakeAnswer(take=done.take)
