"""What can be tried. Imports nothing heavy."""

from typing import Annotated

from pydantic import Field

from ...jobs.config import JobConfig, Processes, Seed
from ...runtime.ids import Id
from ...simulation.language import Verb
from ...simulation.scenes import Split
from ..policies.base_names import DEFAULT

UNSEEN = 1_000_000  # layouts from here on are only evaluated on
Layouts = Annotated[int, Field(ge=1, le=10_000)]


class EvaluateConfig(JobConfig):
    """Which policy to try on which layouts."""

    base: str = DEFAULT
    adapter: Id | Annotated[str, Field(max_length=0)] = ""
    """Id of the adapter; empty: the base alone."""
    verb: Verb = "push"
    split: Split = "novel"
    rollouts: Layouts = 50
    seed: Seed = UNSEEN
    """Of the first layout; the others follow it."""
    processes: Processes = 2


class CompareConfig(JobConfig):
    """Which adapter to try beside its base, at what its takes show."""

    adapter: Id
    rollouts: Layouts = 20
    processes: Processes = 2
