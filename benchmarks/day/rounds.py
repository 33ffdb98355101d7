"""One blow after the other: an act, a blow at some moment of it, and a look at what is left."""

import random
import re
import threading
import time
from dataclasses import dataclass, field

from .blows import Blow, Striker
from .mending import Mending
from .motion import Motion
from .sayings import SAID_S, must_say, said
from .window import Lost, Refused

GRACE_S = 2.0  # until an arm that lost whoever drove it is at rest: a second's silence, a brake
ACT_LIMIT_S = 150.0
FINDS_S = 30.0
ACTS_OF = {
    "labeler": ("label", "propagate"),
    "follower": ("roll out", "correct"),
    "policy": ("roll out", "correct"),
    "job": ("record", "label", "look"),
}
NO_WORDS = re.compile(r"\w+Error\b|Errno|Traceback|HTTP 5\d\d|<class")
CHAIN = ("web", "station", "device", "writer", "follower", "policy")  # of who drives


@dataclass(slots=True)
class Result:
    """What one blow came to."""

    blow: str
    act: str
    after_s: float  # into the act
    done: bool = False  # whether there was what it was to hit
    words: str = ""  # of the act, where it was cut short
    said_s: float | None = None  # until a page showed it; 0 where it need not
    fastest_m_s: float = 0.0  # after the grace, while nobody might move the robot
    went_on_s: float = 0.0  # until a take was recorded and labelled again
    pressed: list[str] = field(default_factory=list)  # for that
    stuck: str = ""
    lost: list[str] = field(default_factory=list)

    @property
    def unclear(self) -> bool:
        """Whether what was refused was said in a program's words."""
        return bool(NO_WORDS.search(f"{self.words} {self.stuck}"))

    def __str__(self) -> str:
        told = "unsaid" if self.said_s is None else f"said {self.said_s:.1f} s"
        ended = f"cut short: {self.words}" if self.words else "done"
        faults = "; ".join([*self.lost, *([self.stuck] if self.stuck else [])])
        return (
            f"{self.blow} {self.after_s:.1f} s into {self.act} ({ended}); {told}, "
            f"{100 * self.fastest_m_s:.1f} cm/s, went on in {self.went_on_s:.1f} s by "
            f"{', '.join(self.pressed) or 'nothing'}{' LOST ' + faults if faults else ''}"
            f"{'' if self.done else ' (no such process)'}"
        )


@dataclass(frozen=True, slots=True)
class Rounds:
    """Everybody who takes part."""

    striker: Striker
    mending: Mending
    motion: Motion
    chance: random.Random

    def prepare(self) -> None:
        """Until there is something of everything."""
        stuck = self.mending.go_on()
        assert not stuck, stuck
        day = self.mending.day
        day.record()
        day.label()
        day.probe()

    def run(self, blow: Blow) -> Result:
        """One act and one blow."""
        day = self.mending.day
        acts = day.acts()
        name = self.chance.choice(ACTS_OF.get(blow.role or "", tuple(acts)))
        if blow.role == "job" and not self.mending.busy:
            self.chance.choice((day.finetune, day.evaluate))()
        result = Result(str(blow), name, self.chance.uniform(0.0, 3.0))
        act = threading.Thread(target=self._act, args=(name, result), daemon=True)
        act.start()
        self._strike(blow, act, result)
        self._put_right(result)
        result.lost = day.ledger.lost()
        return result

    def _act(self, name: str, result: Result) -> None:
        try:
            self.mending.day.acts()[name]()
        except (Refused, Lost) as error:
            result.words = str(error) or type(error).__name__

    def _strike(self, blow: Blow, act: threading.Thread, result: Result) -> None:
        window = self.mending.day.window
        act.join(result.after_s)
        self._wait_for(blow)
        began_s = time.monotonic()
        with self.striker.strike(blow) as result.done:
            result.said_s = self._said(blow, began_s) if result.done else 0.0
            time.sleep(max(0.0, began_s + blow.seconds - time.monotonic()))
        ended_s = time.monotonic()
        act.join(ACT_LIMIT_S)
        if blow.kind == "kill" and blow.role in CHAIN and result.done:
            window.wait(lambda: time.monotonic() > ended_s + GRACE_S + 1.0, GRACE_S + 2.0)
            result.fastest_m_s = self.motion.fastest(began_s + GRACE_S, time.monotonic())
        elif blow.kind == "stop" and blow.role in CHAIN and result.done:
            result.fastest_m_s = self._while_stopped(blow, began_s, ended_s)

    def _while_stopped(self, blow: Blow, began_s: float, ended_s: float) -> float:
        """How fast it was while whoever drives was stopped. What asks for nothing drives nothing;
        a writer or device that goes on finds somebody who drives."""
        if blow.role == "writer":
            return 0.0
        return self.motion.fastest(began_s + GRACE_S, ended_s)

    def _wait_for(self, blow: Blow) -> None:
        """Until there is what is to be hit."""
        product = self.striker.product
        if blow.role in ("follower", "policy", "job"):
            self.mending.day.window.wait(
                lambda: product.process(blow.role or "web") is not None, FINDS_S
            )

    def _said(self, blow: Blow, since_s: float) -> float | None:
        window = self.mending.day.window
        if not must_say(blow):
            return 0.0
        there = window.wait(lambda: said(blow, window, since_s), max(SAID_S, blow.seconds))
        return time.monotonic() - since_s if there else None

    def _stands_in_the_way(self) -> str:
        """Of a further take; "" where it could be recorded."""
        try:
            self.mending.day.probe()
            self.mending.look_after_jobs()
        except (Refused, Lost) as error:
            return f"a further take: {error}"
        return ""

    def _put_right(self, result: Result) -> None:
        mending = self.mending
        mending.pressed.clear()
        began_s = time.monotonic()
        result.stuck = mending.go_on() or self._stands_in_the_way()
        if result.stuck:  # on a busy machine our own window falls silent: a person tries again
            mending.pressed.append("again")
            result.stuck = mending.go_on() or self._stands_in_the_way()
        result.went_on_s = time.monotonic() - began_s
        result.pressed = list(mending.pressed)
