"""Who is at which take: whoever changed something there, until some minutes later or until they
leave it.

It is told, and never keeps anybody from anything. Kept in memory alone: after a restart nobody is
at anything.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from threading import Lock
from typing import TypeAlias

from .updates import PresenceChanged, ShownPerson

STAY_S = 300.0  # after the last change

Clock: TypeAlias = Callable[[], float]  # seconds that only go on


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """What one window is at."""

    take: str
    author: str
    window: str
    since_s: float  # of the clock
    changed_s: float

    @property
    def person(self) -> tuple[str, str, str]:
        """At which take, and who: a name is one person in all windows, without one each is one."""
        return self.take, self.author, "" if self.author else self.window


class Presence:
    """Safe to use from several threads. A window is at one take at most."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._stays: dict[str, _Stay] = {}  # by window
        self._told: list[ShownPerson] = []
        self._lock = Lock()

    def changed(self, take: str, author: str, window: str) -> None:
        """Something was changed in a window. What is changed in none is no stay."""
        if not window:
            return
        with self._lock:
            now = self._clock()
            stay = self._going_on().get(window)
            if stay is not None and (stay.take, stay.author) == (take, author):
                self._stays[window] = replace(stay, changed_s=now)
            else:
                self._stays[window] = _Stay(
                    take=take, author=author, window=window, since_s=now, changed_s=now
                )

    def left(self, window: str, take: str = "") -> None:
        """A window shows another take than this, or nothing any more: "": whatever it was at."""
        with self._lock:
            stay = self._stays.get(window)
            if stay is not None and take in ("", stay.take):
                del self._stays[window]

    def people(self) -> list[ShownPerson]:
        """Everybody who is at a take by now."""
        with self._lock:
            return self._shown()

    def news(self) -> PresenceChanged | None:
        """Who is at what, where others are than those that this told last."""
        with self._lock:
            people = self._shown()
            if _places(people) == _places(self._told):
                return None
            self._told = people
            return PresenceChanged(people=people)

    def _shown(self) -> list[ShownPerson]:
        stays = sorted(self._going_on().values(), key=lambda stay: (*stay.person, stay.since_s))
        now = self._clock()
        return [
            ShownPerson(
                take=first.take,
                author=first.author,
                windows=[first.window, *(each.window for each in others)],
                since_s=now - first.since_s,
            )
            for _, (first, *others) in groupby(stays, lambda stay: stay.person)
        ]

    def _going_on(self) -> dict[str, _Stay]:
        """Those that are not over."""
        begun_s = self._clock() - STAY_S
        self._stays = {
            window: stay for window, stay in self._stays.items() if stay.changed_s > begun_s
        }
        return self._stays


def _places(people: list[ShownPerson]) -> list[tuple[str, str, list[str]]]:
    return [(each.take, each.author, each.windows) for each in people]
