"""Movement that nobody asked for: the arm should be at rest, and is not."""

from collections.abc import Callable

MOST_M_S = 0.02
READINGS = 3  # so many in turn; one alone may be a blow to the table


class UnaskedMotion:
    """Counts what should not be; ``found`` is told how fast the arm moves."""

    def __init__(self, found: Callable[[float], None]) -> None:
        self._found = found
        self._seen = 0

    def watch(self, speed_m_s: float, resting: bool) -> None:
        """The hand's speed at one tick, and whether it should be at rest."""
        self._seen = self._seen + 1 if resting and speed_m_s > MOST_M_S else 0
        if self._seen == READINGS:
            self._found(speed_m_s)
