"""How a grounded policy is fine-tuned. Imports nothing heavy."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ...jobs.config import Seed
from ..policies.interface import TrainingConfig
from .stages import Stage, known_preset


class FinetuneConfig(TrainingConfig):
    """What to train on what."""

    base: str = "panda-tabletop"
    """Name of a shipped base, or folder of a base."""
    preset: Annotated[str, AfterValidator(known_preset)] = "quick"
    """quick, better, or tiny (for trying out)."""
    lora_rank: Annotated[int, Field(ge=1, le=1024)] = 8
    """Rank of the adapter; doubling it doubles the adapter's size."""
    stride: Annotated[int, Field(ge=1, le=1000)] = 2
    """Every how many ticks a take is looked at."""
    views: Annotated[int, Field(ge=1, le=100)] = 3
    """Augmented views of each image whose features are cached."""
    threads: Annotated[int, Field(ge=1, le=1024)] = 2
    """CPU threads."""
    seed: Seed = 0
    """Seed of every random choice."""
    cameras: tuple[str, ...] = ()
    """Which of the takes' cameras to look through; none named: all of them."""
    stages: tuple[Stage, ...] = ()
    """The preset's stages, unless given."""
