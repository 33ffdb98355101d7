"""Whatever an operator does in whatever order, the session stays one that can be: no take is
lost or counted twice, and what is refused changes nothing."""

from collections.abc import Callable
from copy import deepcopy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from teachloop.recorder.station.session import Phase, Session, WrongPhase

S = 1_000_000_000


class Operator(RuleBasedStateMachine):
    """Does everything at any time; knows which takes there must be."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.now_ns = 0
        self.takes: list[str] = []  # that were recorded to their end, in their order
        self.asked = False

    def refused(self, do: Callable[[], object], *phases: Phase) -> bool:
        """Do it; whether it was refused, which has to be so in other phases than these."""
        before, words = deepcopy(self.session), ""
        try:
            do()
        except WrongPhase as error:
            words = str(error)
        assert bool(words) == (before.phase not in phases)
        if words:
            assert len(words.split()) > 3
            assert self.session == before
        return bool(words)

    @rule()
    def practise(self) -> None:
        if not self.refused(self.session.practise, Phase.IDLE):
            assert self.session.phase is Phase.PRACTISING

    @rule(countdown_s=st.sampled_from([0.0, 1.0, 3.0]), until_done=st.booleans())
    def start(self, countdown_s: float, until_done: bool) -> None:
        def begin() -> None:
            self.session.start(self.now_ns, countdown_s=countdown_s, until_done=until_done)

        if not self.refused(begin, Phase.IDLE, Phase.PRACTISING):
            self.asked = False
            assert self.session.countdown_s(self.now_ns) == countdown_s

    @rule(seconds=st.integers(1, 4))
    def wait(self, seconds: int) -> None:
        self.now_ns += seconds * S

    @rule()
    def tick(self) -> None:
        """The loop looks whether the countdown is over; the file is asked for once."""
        waits = self.session.phase is Phase.COUNTDOWN and not self.asked
        due = waits and self.session.countdown_s(self.now_ns) == 0.0
        assert self.session.due(self.now_ns) == due
        self.asked = self.asked or due

    @precondition(lambda self: self.asked)
    @rule()
    def file_is_open(self) -> None:
        name = f"{self.now_ns:020}-{len(self.takes):04}"
        if not self.refused(lambda: self.session.opened(name), Phase.COUNTDOWN):
            assert self.session.begin(self.now_ns)
            running = self.session.take
            assert running is not None
            assert running.id == name

    @rule()
    def stop(self) -> None:
        recording = self.session.phase is Phase.RECORDING
        stopped: list[str | None] = []
        running = (Phase.COUNTDOWN, Phase.PRACTISING, Phase.RECORDING)
        if not self.refused(lambda: stopped.append(self.session.stop(self.now_ns)), *running):
            assert self.session.phase is (Phase.REVIEW if recording else Phase.IDLE)
            assert (stopped[0] is not None) == recording
            self.takes += [name for name in stopped if name is not None]
            self.asked = False

    @precondition(lambda self: self.session.phase is Phase.IDLE)
    @rule()
    def record_and_keep(self) -> None:
        self.start(0.0, False)
        self.tick()
        self.file_is_open()
        self.stop()
        self.decide(True)

    @rule(keep=st.booleans())
    def decide(self, keep: bool) -> None:
        reviewed = self.session.take
        do = self.session.keep if keep else self.session.discard
        if not self.refused(do, Phase.REVIEW):
            assert reviewed is not None
            assert reviewed.id in (self.session.kept if keep else self.session.binned)

    @rule()
    def undo(self) -> None:
        kept = list(self.session.kept)
        if kept:
            assert self.session.undo() == kept[-1]
            assert self.session.binned[-1] == kept[-1]
        else:
            assert self.refused(self.session.undo)

    @rule(number=st.integers(0, 5))
    def restore(self, number: int) -> None:
        binned = list(self.session.binned)
        name = binned[number] if number < len(binned) else None
        if binned:
            assert self.session.restore(name) == (name or binned[-1])
            assert self.session.kept[-1] == (name or binned[-1])
        else:
            assert self.refused(lambda: self.session.restore(name))

    @rule(number=st.integers(0, 5), kept=st.booleans())
    def somebody_else_moves_a_take(self, number: int, kept: bool) -> None:
        here = self.session.binned if kept else self.session.kept
        name = here[number] if number < len(here) else "another take"
        self.session.learn(*(([name], []) if kept else ([], [name])))
        assert name not in here

    @rule(number=st.integers(0, 5))
    def somebody_removes_a_take(self, number: int) -> None:
        binned = self.session.binned
        removed = [binned[number]] if number < len(binned) else []
        self.session.learn([], [], removed)
        self.takes = [take for take in self.takes if take not in removed]

    @precondition(lambda self: self.session.phase is not Phase.REVIEW)
    @rule()
    def writer_dies(self) -> None:
        self.session.abandon()
        self.asked = False
        assert self.session.phase is Phase.IDLE

    @invariant()
    def every_take_is_somewhere_once(self) -> None:
        take = self.session.take
        reviewed = [take.id] if take is not None and self.session.phase is Phase.REVIEW else []
        assert sorted([*self.session.kept, *self.session.binned, *reviewed]) == self.takes

    @invariant()
    def a_take_is_there_while_one_is_recorded_or_reviewed(self) -> None:
        there = self.session.phase in (Phase.RECORDING, Phase.REVIEW)
        assert (self.session.take is not None) == there
        if self.session.take is not None:
            assert self.session.take.seconds(self.now_ns) >= 0

    @invariant()
    def a_countdown_never_lasts_longer_than_asked(self) -> None:
        left_s = self.session.countdown_s(self.now_ns)
        assert 0 <= left_s <= 3.0
        assert left_s == 0 or self.session.phase is Phase.COUNTDOWN


TestOperator = Operator.TestCase
TestOperator.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, database=None
)
