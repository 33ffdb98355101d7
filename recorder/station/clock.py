"""Ticks at a fixed rate on an absolute schedule, with their lateness measured."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick as it really began."""

    number: int  # on the schedule; a gap means that ticks were skipped
    due_ns: int
    late_ns: int
    skipped: int  # ticks missed just before this one


class Schedule:
    """Tick n is due at ``start + n · period``, whatever happened before it.

    A tick that comes a whole period late or more is not made up for: the missed ones are
    counted as skipped, so that actions never bunch.
    """

    def __init__(self, rate_hz: float, start_ns: int) -> None:
        self.period_ns = round(1e9 / rate_hz)
        self._start_ns = start_ns
        self._next = 0

    @property
    def due_ns(self) -> int:
        """When the next tick is due."""
        return self._start_ns + self._next * self.period_ns

    def take(self, now_ns: int) -> Tick:
        """Begin the newest tick that is due at ``now_ns``."""
        skipped = max(0, (now_ns - self.due_ns) // self.period_ns)
        number = self._next + skipped
        due_ns = self._start_ns + number * self.period_ns
        self._next = number + 1
        return Tick(number, due_ns, max(0, now_ns - due_ns), skipped)


def sleep_until(due_ns: int, spin_ns: int = 200_000) -> int:
    """Sleep, then spin the last moment; returns the time (monotonic ns) at which it woke."""
    while (now_ns := time.monotonic_ns()) < due_ns - spin_ns:
        time.sleep((due_ns - spin_ns - now_ns) / 1e9)
    while (now_ns := time.monotonic_ns()) < due_ns:
        pass
    return now_ns
