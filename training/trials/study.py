"""A study: which policies are tried on which start scenes, what was seen so far, what is due.

Values, frozen: each change gives the study that comes after it.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import Self

from ...runtime.errors import TeachloopError
from ...runtime.ids import Id
from ...runtime.json_file import StoredModel
from ...simulation.language import Verb
from ...simulation.scenes import Split
from .order import Slot

BEGUN_AGAIN = "begun again before it was judged"
Share = Annotated[float, Field(ge=0, le=1)]


class NotNow(TeachloopError):
    """The study cannot do that in its present state."""


class Candidate(StoredModel):
    """A policy that is tried."""

    name: str
    """As people call it."""
    adapter: Id | Annotated[str, Field(max_length=0)] = ""
    base: str = ""


class StartScene(StoredModel):
    """How the objects lie before an attempt."""

    name: str
    instruction: str
    """What the policy is asked for; empty: what the simulator asks for in this scene."""
    take: Id | Annotated[str, Field(max_length=0)] = ""
    """Whose first pictures show it; empty: those of the first attempt on it."""
    seed: int | None = None
    """Of the simulator's layout; None: a person sets it up."""
    verb: Verb | None = None
    split: Split | None = None


class Verdict(StoredModel):
    """How an attempt ended, as a person said."""

    score: Share
    """1 is success, 0 failure; between them, how much of the task was done."""
    steps: tuple[bool, ...] = ()
    """Which of the study's steps were done, where it has some."""

    @property
    def success(self) -> bool:
        """Whether all of it was done."""
        return self.score == 1


class Attempt(StoredModel):
    """One take that a policy drove. It waits for its verdict, has one, or is void."""

    slot: int
    """Which of the order."""
    take: Id
    began: float
    """Seconds since the epoch."""
    verdict: Verdict | None = None
    void: str = ""
    """Why it does not count."""

    @property
    def counts(self) -> bool:
        return self.verdict is not None and not self.void

    @property
    def waits(self) -> bool:
        """Nobody has said how it ended."""
        return self.verdict is None and not self.void


class Reveal(StoredModel):
    """The names were asked for before all was done."""

    at: float
    """Seconds since the epoch."""
    judged: int
    """How many attempts counted by then."""


class Study(StoredModel):
    """What a study's file holds."""

    name: str
    created: float
    seed: int
    candidates: tuple[Candidate, ...]
    """By their letters: the first is A."""
    scenes: tuple[StartScene, ...]
    order: tuple[Slot, ...]
    steps: tuple[str, ...] = ()
    """Of the task, to be ticked; empty: scores are given as such."""
    attempts: tuple[Attempt, ...] = ()
    paused: bool = False
    early: Reveal | None = None

    @property
    def due(self) -> int | None:
        """The first of the order without an attempt that counts; None when all is done."""
        done = {attempt.slot for attempt in self.attempts if attempt.counts}
        return next((slot for slot in range(len(self.order)) if slot not in done), None)

    @property
    def waiting(self) -> Attempt | None:
        """The attempt that waits for its verdict."""
        last = self.attempts[-1] if self.attempts else None
        return last if last and last.waits else None

    @property
    def judged(self) -> int:
        return sum(attempt.counts for attempt in self.attempts)

    @property
    def open_names(self) -> bool:
        """Whether it may be said which policy is which: there is one, all is done, or it was asked
        for."""
        return len(self.candidates) == 1 or self.due is None or self.early is not None

    def picture_of(self, scene: int) -> str:
        """The take whose first pictures show a scene; empty where none was made yet. In a void
        one the scene may not have been as it should be."""
        made = (a for a in self.attempts if self.order[a.slot].scene == scene)
        taken = (attempt.take for attempt in made if not attempt.void)
        return self.scenes[scene].take or next(taken, "")

    def expect_due(self) -> int:
        """Which slot an attempt is due for. Raises NotNow."""
        if self.paused:
            raise NotNow(f"{self.name} is paused. Go on with it first.")
        if self.due is None:
            raise NotNow(f"All attempts of {self.name} are done.")
        return self.due

    def begun(self, take: str, at: float) -> Self:
        """An attempt began; one that still waits does not count. Raises NotNow."""
        slot = self.expect_due()
        before = tuple(
            each.model_copy(update={"void": BEGUN_AGAIN}) if each.waits else each
            for each in self.attempts
        )
        attempt = Attempt(slot=slot, take=take, began=at)
        return self.model_copy(update={"attempts": (*before, attempt)})

    def judged_as(self, number: int, verdict: Verdict) -> Self:
        """Attempt `number` (from 0) ended so; said again, the later word holds. Ticked steps make
        the score. Raises NotNow."""
        attempt = self._attempt(number)
        if attempt.void:
            raise NotNow(f"Attempt {number + 1} is void: {attempt.void}. Try that scene again.")
        if verdict.steps and len(verdict.steps) != len(self.steps):
            raise NotNow(f"{self.name} has {len(self.steps)} steps, not {len(verdict.steps)}.")
        if verdict.steps:
            verdict = Verdict(score=score_of(verdict.steps), steps=verdict.steps)
        return self._with(number, attempt.model_copy(update={"verdict": verdict}))

    def voided(self, number: int, reason: str) -> Self:
        """Attempt `number` (from 0) does not count, and is due again. Raises NotNow."""
        attempt = self._attempt(number)
        if not reason:
            raise NotNow("Say why the attempt does not count.")
        return self._with(number, attempt.model_copy(update={"void": reason}))

    def pausing(self, paused: bool) -> Self:
        return self.model_copy(update={"paused": paused})

    def revealed(self, at: float) -> Self:
        """The names are told, and that it was before the end is kept."""
        if self.open_names:
            return self
        return self.model_copy(update={"early": Reveal(at=at, judged=self.judged)})

    def _attempt(self, number: int) -> Attempt:
        if not 0 <= number < len(self.attempts):
            raise NotNow(f"{self.name} has no attempt {number + 1}, but {len(self.attempts)}.")
        return self.attempts[number]

    def _with(self, number: int, attempt: Attempt) -> Self:
        attempts = (*self.attempts[:number], attempt, *self.attempts[number + 1 :])
        return self.model_copy(update={"attempts": attempts})


def score_of(steps: Sequence[bool]) -> float:
    """The share of the steps that were done."""
    return sum(steps) / len(steps)
