"""How long segmenters look at a frame on this machine."""

from collections.abc import Callable
from threading import Lock
from time import perf_counter


class LookTimes:
    """By name of the method. Safe to use from several threads."""

    def __init__(self) -> None:
        self._shortest_s: dict[str, float] = {}
        self._lock = Lock()

    def measured(self, name: str, look: Callable[[], bool]) -> bool:
        """What a look says: whether it went to its end. The shortest of those counts: others also
        loaded weights, or stood still while somebody was answered."""
        started = perf_counter()
        done = look()
        if done:
            spent_s = perf_counter() - started
            with self._lock:
                self._shortest_s[name] = min(spent_s, self._shortest_s.get(name, spent_s))
        return done

    def in_words(self, name: str) -> str:
        """Nothing where none was measured."""
        with self._lock:
            spent_s = self._shortest_s.get(name)
        return "" if spent_s is None else f"{spent_s:.1f} s for the first click in a frame, here"
