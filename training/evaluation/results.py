"""How often a policy succeeds, with the interval that the number of tries allows."""

import math
from collections.abc import Sequence

from ...runtime.json_file import StoredModel


class Trial(StoredModel):
    """One rollout."""

    seed: int
    instruction: str
    success: bool
    ticks: int
    reason: str = ""


class Evaluation(StoredModel):
    """All rollouts of one policy."""

    success: float
    """Share of successes; NaN without trials."""
    rollouts: int
    low: float
    """Of the interval that holds the true share with 95 %."""
    high: float
    trials: tuple[Trial, ...]

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> "Evaluation":
        successes, count = sum(trial.success for trial in trials), len(trials)
        low, high = wilson(successes, count)
        return cls(
            success=successes / count if count else math.nan,
            rollouts=count,
            low=low,
            high=high,
            trials=tuple(trials),
        )


def wilson(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a proportion (95 % by default)."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (middle - spread) / scale, (middle + spread) / scale
