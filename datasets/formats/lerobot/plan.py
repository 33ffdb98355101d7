"""What all episodes of a LeRobotDataset have in common. Imports nothing heavy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..episodes.plan import Plan, in_words
from ..episodes.plan import plan_of as common_plan
from .errors import BrokenRate, UnencodableSize
from .options import SMALLEST, LeRobotOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class LeRobotPlan(Plan):
    """What all episodes have in common."""

    options: LeRobotOptions
    rate_hz: int


def plan_of(data: Path, take_ids: Sequence[str], options: LeRobotOptions) -> LeRobotPlan:
    """Raises CannotExport, TakeRefused of one in the bin, and what opening a take raises."""
    plan = common_plan(data, take_ids, options)
    if plan.rate_hz != round(plan.rate_hz):
        raise BrokenRate(plan.rate_hz)
    for name, size in plan.sizes.items():
        if min(size) < SMALLEST or any(side % 2 for side in size):
            raise UnencodableSize(name, in_words(size))
    return LeRobotPlan(
        options=options,
        rate_hz=round(plan.rate_hz),
        sizes=plan.sizes,
        mounts=plan.mounts,
        embodiment=plan.embodiment,
    )
