"""What went wrong at a station, in words, and what puts it right."""

from ...runtime.errors import TeachloopError
from ...runtime.validation import StrictModel


class StationFault(TeachloopError):
    """The station cannot do that before a fault is put right."""


class Fault(StrictModel):
    """One thing that is wrong."""

    source: str  # device | writer | robot | agent
    text: str
    remedy: str  # the command that puts it right


class Faults:
    """What is wrong now, the gravest first."""

    ORDER = ("device", "writer", "robot", "agent")

    def __init__(self) -> None:
        self._known: dict[str, Fault] = {}

    def raise_(self, source: str, text: str, remedy: str) -> bool:
        """Take note; False where this source's fault is known already."""
        if source in self._known:
            return False
        self._known[source] = Fault(source=source, text=text, remedy=remedy)
        return True

    def clear(self, *sources: str) -> None:
        """These were put right."""
        for source in sources:
            self._known.pop(source, None)

    def has(self, source: str) -> bool:
        return source in self._known

    @property
    def worst(self) -> Fault | None:
        """What to put right first."""
        for source in self.ORDER:
            if source in self._known:
                return self._known[source]
        return None

    def expect_none(self) -> None:
        """Raise StationFault where anything is wrong."""
        worst = self.worst
        if worst is not None:
            raise StationFault(f"{worst.text} First: {worst.remedy}.")
