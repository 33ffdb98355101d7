"""What the operator does with takes: practise, record, review, keep, discard, undo.

A pure state machine; whoever owns it moves robots and files. Times are ns of the monotonic
clock. A take has its name and its file before the first tick is recorded, and lies finished
on disk once stopped; keep and discard only decide where it stays.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from ...runtime.errors import TeachloopError


class Phase(str, Enum):
    """Where the session stands."""

    IDLE = "idle"
    COUNTDOWN = "countdown"
    PRACTISING = "practising"
    RECORDING = "recording"
    REVIEW = "review"


MOVING = frozenset({Phase.PRACTISING, Phase.RECORDING})  # here the agent moves the robot


class WrongPhase(TeachloopError):
    """The session cannot do that now."""


@dataclass(slots=True)
class Running:
    """The take that is being recorded or reviewed."""

    id: str
    until_done: bool
    started_ns: int
    stopped_ns: int | None = None
    success: bool | None = None
    partly: bool = False  # it failed, and did a part of its task
    silent_s: dict[str, float] = field(default_factory=dict)  # devices, once it is saved

    def seconds(self, now_ns: int) -> float:
        """How long it was recorded so far."""
        return max(0, (self.stopped_ns or now_ns) - self.started_ns) / 1e9


@dataclass(slots=True)
class Session:
    """The state machine. Each method raises WrongPhase where it does not apply."""

    phase: Phase = Phase.IDLE
    take: Running | None = None
    kept: list[str] = field(default_factory=list)  # in this session, the last one last
    binned: list[str] = field(default_factory=list)  # likewise
    _begin_ns: int | None = 0  # None: the countdown has not begun
    _countdown_ns: int = 0
    _asked: bool = False
    _opened: str | None = None
    _until_done: bool = False

    def practise(self) -> None:
        """Move the robot without saving anything."""
        self.expect_idle()
        self.phase = Phase.PRACTISING

    def expect_idle(self) -> None:
        """Raise WrongPhase where nobody can begin to practise now."""
        self._expect("practise", Phase.IDLE)

    def start(
        self,
        now_ns: int,
        *,
        countdown_s: float = 0.0,
        until_done: bool = False,
        waits: bool = False,
    ) -> None:
        """Ask for a take, at once or after a countdown; where it ``waits``, that begins with
        ``clear``."""
        self.expect_startable()
        self._until_done = until_done
        self._countdown_ns = round(countdown_s * 1e9)
        self._begin_ns = None if waits else now_ns + self._countdown_ns
        self._asked, self._opened = False, None
        self.phase = Phase.COUNTDOWN

    def expect_startable(self) -> None:
        """Raise WrongPhase where no take can begin now."""
        self._expect("start a take", Phase.IDLE, Phase.PRACTISING)

    def recall(self) -> None:
        """Ask for a take of what was practised last; it begins in the past."""
        self._expect("keep what was practised", Phase.PRACTISING, Phase.IDLE)
        self._until_done, self._asked, self._opened = False, True, None
        self._begin_ns = self._countdown_ns = 0
        self.phase = Phase.COUNTDOWN

    def clear(self, now_ns: int) -> None:
        """What the countdown waited for is there."""
        self._expect("count down", Phase.COUNTDOWN)
        self._begin_ns = now_ns + self._countdown_ns

    def begin_now(self, now_ns: int) -> None:
        """The countdown is over."""
        self._expect("begin at once", Phase.COUNTDOWN)
        if self._begin_ns is None:
            raise WrongPhase("Cannot begin at once: arm or scene are not ready yet.")
        self._begin_ns = min(self._begin_ns, now_ns)

    def due(self, now_ns: int) -> bool:
        """Whether the countdown is over and the take's file is to be opened now. True once."""
        waits = self._begin_ns is None or now_ns < self._begin_ns
        if self.phase is not Phase.COUNTDOWN or self._asked or waits:
            return False
        self._asked = True
        return True

    def opened(self, take: str) -> None:
        """The take has its name and its file; it begins with the next tick."""
        self._expect("open a take", Phase.COUNTDOWN)
        self._opened = take

    def begin(self, now_ns: int) -> bool:
        """Whether recording begins at this moment."""
        if self.phase is not Phase.COUNTDOWN or self._opened is None:
            return False
        self.take = Running(self._opened, self._until_done, now_ns)
        self.phase = Phase.RECORDING
        return True

    def countdown_s(self, now_ns: int) -> float:
        """Seconds until recording begins; 0 outside a countdown."""
        if self.phase is not Phase.COUNTDOWN:
            return 0.0
        if self._begin_ns is None:
            return self._countdown_ns / 1e9
        return max(0, self._begin_ns - now_ns) / 1e9

    def stop(self, now_ns: int) -> str | None:
        """End what runs; the take that is now under review, or None where none was recorded."""
        self._expect("stop", Phase.COUNTDOWN, Phase.PRACTISING, Phase.RECORDING)
        if self.phase is not Phase.RECORDING or self.take is None:
            self.phase, self.take = Phase.IDLE, None
            return None
        self.take.stopped_ns = now_ns
        self.phase = Phase.REVIEW
        return self.take.id

    def last_kept(self) -> str:
        """The take that this session kept last."""
        if not self.kept:
            raise WrongPhase(
                "This session kept no take. Those that were there before are on the Data page."
            )
        return self.kept[-1]

    def keep(self) -> Running:
        """The reviewed take stays."""
        take = self._reviewed("keep")
        self.kept.append(take.id)
        return take

    def discard(self) -> Running:
        """The reviewed take goes to the bin, from where it can be restored."""
        take = self._reviewed("discard")
        self.binned.append(take.id)
        return take

    def undo(self, take: str | None = None) -> str:
        """A take that was kept in this session goes to the bin; without a name, the last one."""
        take = take or self.last_kept()
        if take not in self.kept:
            raise WrongPhase(f"{take} was not kept in this session. Bin it on the Data page.")
        self.kept.remove(take)
        self.binned.append(take)
        return take

    def restore(self, take: str | None = None) -> str:
        """A take comes back from the bin; without a name, the one that this session put there
        last."""
        if take is None and not self.binned:
            raise WrongPhase("This session put no take in the bin. See the bin on the Data page.")
        take = take or self.binned[-1]
        if take in self.binned:
            self.binned.remove(take)
            self.kept.append(take)
        return take

    def learn(
        self, kept: Collection[str], binned: Collection[str], removed: Collection[str] = ()
    ) -> None:
        """Which takes are kept and binned on disk, and which are gone for good: somebody else may
        have moved some, and what was asked for may have failed."""
        for known in (self.kept, self.binned):
            known[:] = [take for take in known if take not in removed]
        for take in [take for take in self.kept if take in binned]:
            self.kept.remove(take)
            self.binned.append(take)
        for take in [take for take in self.binned if take in kept]:
            self.binned.remove(take)
            self.kept.append(take)

    def abandon(self) -> None:
        """Whoever wrote the take is gone: what is on disk will be recovered."""
        self.phase, self.take = Phase.IDLE, None

    def _reviewed(self, what: str) -> Running:
        self._expect(what, Phase.REVIEW)
        take, self.take = self.take, None
        assert take is not None
        self.phase = Phase.IDLE
        return take

    def _expect(self, what: str, *phases: Phase) -> None:
        if self.phase not in phases:
            wanted = " or ".join(phase.value for phase in phases)
            raise WrongPhase(f"Cannot {what}: the session is {self.phase.value}, not {wanted}.")
