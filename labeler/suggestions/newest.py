"""Of what somebody began one after the other, only the newest goes on."""

from collections import Counter
from collections.abc import Callable, Hashable
from threading import Lock


class Newest:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._begun: Counter[Hashable] = Counter()
        self._lock = Lock()

    def begin(self, by: Hashable) -> Callable[[], bool]:
        """Whatever the same one began before is over; says whether this is over, too."""
        with self._lock:
            self._begun[by] += 1
            number = self._begun[by]
        return lambda: self._begun[by] != number
