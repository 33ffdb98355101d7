"""What the time between two ticks goes to, so that a late one has a cause."""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from .clock import Tick

ELSEWHERE = "the computer"  # which had the loop wait
Given = ParamSpec("Given")
Result = TypeVar("Result")


class Cadence:
    """Measures the steps of the loop by their names."""

    def __init__(self) -> None:
        self._spent_ns: dict[str, int] = {}

    def timed(self, name: str, work: Callable[Given, Result]) -> Callable[Given, Result]:
        """The same work, whose time counts as that step's."""

        def run(*given: Given.args, **more: Given.kwargs) -> Result:
            began_ns = time.monotonic_ns()
            try:
                return work(*given, **more)
            finally:
                spent_ns = time.monotonic_ns() - began_ns
                self._spent_ns[name] = self._spent_ns.get(name, 0) + spent_ns

        return run

    def cause(self, tick: Tick) -> str:
        """Of a tick's lateness: the step that took longest since the tick before, where it took as
        long; else the computer did something else. Begins anew."""
        spent, self._spent_ns = self._spent_ns, {}
        name = max(spent, key=lambda each: spent[each], default=ELSEWHERE)
        return name if spent.get(name, 0) >= tick.late_ns else ELSEWHERE
