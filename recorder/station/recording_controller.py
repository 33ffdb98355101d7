"""Where the session meets the disk: what the operator does with takes, told to the writer."""

from collections.abc import Callable
from typing import Any

from ...datasets.steps import Step
from ...runtime.ipc.worker_client import Message, WorkerClient
from ..devices.serialization import pack_action
from .health import Health
from .session import Phase, Session

Answer = Callable[[Message], None]
Facts = Callable[[], dict[str, Any]]


class RecordingController:
    """Starts, stops, keeps and discards takes. Answers come when the disk has them."""

    def __init__(self, writer: WorkerClient, health: Health, facts: Facts) -> None:
        self.session = Session()
        self.saved = True
        self.ready = False  # whether the writer has looked at the takes that there are
        self.recent: list[dict[str, Any]] = []
        self._scribe, self._health, self._facts = writer, health, facts
        self._begun: Answer | None = None

    @property
    def recording(self) -> bool:
        return self.session.phase is Phase.RECORDING

    def start(self, now_ns: int, answer: Answer, *, countdown_s: float, until_done: bool) -> None:
        """Answered with the take's name when it begins, or at once where there is a countdown."""
        self.session.start(now_ns, countdown_s=countdown_s, until_done=until_done)
        if countdown_s:
            answer({"countdown_s": countdown_s})
        self._begun = None if countdown_s else answer
        self.advance(now_ns)

    def advance(self, now_ns: int) -> None:
        """Once in a tick: opens the file of a take whose countdown is over."""
        if self.session.due(now_ns):
            self._scribe.ask("open", self._opened, info=self._facts())

    def _opened(self, message: Message) -> None:
        if self.session.phase is not Phase.COUNTDOWN:
            self._scribe.tell("drop")
            message = {"error": "The take was stopped before it began."}
        elif "error" in message:
            self.session.abandon()
        else:
            self.session.opened(message["take"])
            return
        self._answer_start(message)

    def _answer_start(self, message: Message) -> None:
        answer, self._begun = self._begun, None
        if answer is not None:
            answer(_said(message, "take"))

    def begin(self, now_ns: int, since_ns: int) -> bool:
        """At the start of a tick: whether the recording begins with it.

        What was seen before ``since_ns`` belongs to another scene.
        """
        if not self.session.begin(now_ns) or self.session.take is None:
            return False
        self._health.restart()
        self.saved = False
        self._scribe.tell("begin", time_ns=now_ns, since_ns=since_ns)
        self.event(now_ns, "start")
        self._answer_start({"take": self.session.take.id})
        return True

    def record(self, time_ns: int, step: Step) -> None:
        """Write down what was decided at a tick."""
        if self.recording:
            requested, applied = pack_action(step.requested), pack_action(step.applied)
            self._scribe.tell(
                "step",
                time_ns=time_ns,
                requested=requested,
                applied=applied,
                clipped=list(step.clipped),
            )

    def event(self, time_ns: int, kind: str, text: str = "") -> None:
        """Write down something that happened during a take."""
        if self.recording:
            self._scribe.tell("event", time_ns=time_ns, kind=kind, text=text)

    def stop(
        self,
        now_ns: int,
        answer: Answer,
        *,
        reason: str = "stop",
        text: str = "",
        success: bool | None = None,
    ) -> None:
        """End what runs. A recorded take is answered for once it lies finished on disk."""
        self.event(now_ns, reason, text)
        take = self.session.stop(now_ns)
        if take is None or self.session.take is None:
            answer({"take": None})
            return
        if self.session.take.success is None:
            self.session.take.success = success
        health = self._health.of_take()
        self._scribe.ask("stop", self._finished(answer), time_ns=now_ns, health=health)

    def _finished(self, answer: Answer) -> Answer:
        def then(message: Message) -> None:
            self.saved = "error" not in message
            answer(_said(message, "take"))

        return then

    def keep(self, success: bool | None, instruction: str, answer: Answer) -> None:
        """The reviewed take stays; what was said about it becomes its first labels."""
        take = self.session.keep()
        self._ask(
            "keep",
            answer,
            take=take.id,
            instruction=instruction,
            success=take.success if success is None else success,
        )

    def discard(self, answer: Answer) -> None:
        """The reviewed take goes to the bin."""
        self._ask("discard", answer, take=self.session.discard().id)

    def undo(self, answer: Answer) -> None:
        """The last kept take goes to the bin."""
        self._ask("discard", answer, take=self.session.undo())

    def restore(self, take: str | None, answer: Answer) -> None:
        """A take comes back from the bin."""
        self._ask("restore", answer, take=self.session.restore(take))

    def mark(self, now_ns: int, value: bool | None, take: str | None, answer: Answer) -> None:
        """Say whether a take succeeded: the current one, or a kept one."""
        running = self.session.take
        if running is not None and take in (None, running.id):
            running.success = value
            self.event(now_ns, "success", str(value))
            answer({"take": running.id})
        else:
            chosen = take or self.session.last_kept()
            self._ask("mark", answer, take=chosen, success=value)

    def hear(self, message: Message) -> None:
        """What the writer says by itself."""
        if "takes" in message:
            self.ready = True
            self.recent = message["takes"]
            self.session.kept = [each["id"] for each in message["takes"]]
            self.session.binned = message["bin"]

    def lost(self) -> None:
        """The writer is gone: the open take stays as it is on disk, to be recovered."""
        if not self.saved or self.session.phase is Phase.COUNTDOWN:
            self.session.abandon()
        self.saved = True

    def _ask(self, do: str, answer: Answer, **fields: Any) -> None:
        self._scribe.ask(do, lambda message: answer(_said(message, "take")), **fields)


def _said(message: Message, *names: str) -> Message:
    return {name: message[name] for name in ("error", *names) if name in message}
