"""How a grounded policy is fine-tuned. Imports nothing heavy."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from ...jobs.config import Seed
from ..data.held_out import MOST
from ..objectives.interface import Decoding
from ..policies.interface import TrainingConfig
from .stages import CUSTOM, PRESETS, Stage, decoding_of, known_preset


class FinetuneConfig(TrainingConfig):
    """What to train on what."""

    base: str = "panda-tabletop"
    """Name of a shipped base, or folder of a base."""
    preset: Annotated[str, AfterValidator(known_preset)] = "quick"
    """quick, better, tiny (for trying out), replay (trains nothing), or custom: as ``stages``
    says."""
    lora_rank: Annotated[int, Field(ge=1, le=1024)] = 8
    """Rank of the adapter; doubling it doubles the adapter's size."""
    stride: Annotated[int, Field(ge=1, le=1000)] = 2
    """Every how many ticks a take is looked at."""
    views: Annotated[int, Field(ge=1, le=100)] = 3
    """Augmented views of each image whose features are cached."""
    threads: Annotated[int, Field(ge=1, le=1024)] = 2
    """CPU threads."""
    device: Literal["", "cpu", "cuda", "mps"] = ""
    """cpu, cuda or mps; empty: the fastest that there is."""
    seed: Seed = 0
    """Seed of every random choice."""
    cameras: tuple[str, ...] = ()
    """Which of the takes' cameras to look through; none named: all of them."""
    held_out: Annotated[float, Field(ge=0, le=MOST)] | None = None
    """Share of the takes that is kept out of training, to see on them what was learned: at least
    one, where there are five or more. None: a tenth of thirty takes or more; of fewer, nothing."""
    stages: tuple[Stage, ...] = ()
    """Those of the preset custom; the others have their own."""

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if (self.preset == CUSTOM) != bool(self.stages):
            raise ValueError(f"`stages` go with preset {CUSTOM!r}, and it with them")
        names = [stage.name for stage in self.stages]
        if len(set(names)) < len(names):
            raise ValueError(f"stages need names of their own, not {', '.join(names)}")
        decoding_of(self.planned)
        return self

    @property
    def decoding(self) -> Decoding:
        """How the adapter acts."""
        return decoding_of(self.planned)

    @property
    def planned(self) -> tuple[Stage, ...]:
        """The stages that are run."""
        return self.stages or PRESETS[self.preset]
