"""How often a policy succeeds, with the interval that the number of tries allows."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One rollout."""

    seed: int
    instruction: str
    success: bool
    ticks: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All rollouts of one policy."""

    trials: tuple[Trial, ...] = field(default_factory=tuple)

    @property
    def success(self) -> float:
        """Share of successes; NaN without trials."""
        return sum(t.success for t in self.trials) / len(self.trials) if self.trials else math.nan

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        low, high = wilson(sum(t.success for t in self.trials), len(self.trials))
        return {
            "success": self.success,
            "rollouts": len(self.trials),
            "low": low,
            "high": high,
            "trials": [asdict(trial) for trial in self.trials],
        }


def wilson(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a proportion (95 % by default)."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (middle - spread) / scale, (middle + spread) / scale
