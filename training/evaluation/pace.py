"""How long trials still take."""

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """Of one policy's trials, from now on. What passes before the first of them ends is loading,
    which the others need not do again."""

    began: float = field(default_factory=time.monotonic)
    first: float | None = None
    later: int = 0

    def tick(self) -> None:
        """A trial has ended."""
        if self.first is None:
            self.first = time.monotonic()
        else:
            self.later += 1

    def left_s(self, trials: int, policies: int) -> float | None:
        """Seconds for so many further trials, and for loading so many further policies; None
        where nobody knows yet."""
        if self.first is None or (trials and not self.later):
            return None
        trial_s = (time.monotonic() - self.first) / max(1, self.later)
        return trial_s * trials + (self.first - self.began) * policies
