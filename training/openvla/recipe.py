"""How an OpenVLA is fine-tuned. Imports nothing heavy."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from ...jobs.config import JobConfig, Seed
from ..policies.interface import TrainingConfig

PRESETS: dict[str, int] = {"tiny": 20, "quick": 1500, "better": 6000}  # steps


def known_preset(preset: str) -> str:
    """The preset itself. Raises ValueError when there is none of that name."""
    if preset not in PRESETS:
        raise ValueError(f"no preset {preset!r}; there are {', '.join(PRESETS)}")
    return preset


class RecipeOptions(JobConfig):
    """What only an OpenVLA asks for."""

    steps: Annotated[int, Field(ge=0)] = 0
    """Optimizer steps; 0: the preset's."""
    batch: Annotated[int, Field(ge=1, le=4096)] = 16
    """Looks in one step."""
    micro_batch: Annotated[int, Field(ge=0)] = 0
    """Looks on the device at once; 0: the whole batch."""
    rate: Annotated[float, Field(ge=1e-9, le=1.0)] = 5e-4
    """Learning rate (AdamW, constant, as the reference has it)."""
    lora_rank: Annotated[int, Field(ge=1, le=1024)] = 32
    """Rank of the adapter; doubling it doubles the adapter's size."""
    cameras: tuple[str, ...] = ("front",)
    """The first is the one that masks are taught on; a second one needs `chunk` above 1."""
    chunk: Annotated[int, Field(ge=1, le=256)] = 1
    """1: seven action tokens; more: that many actions in one pass, by regression (OpenVLA-OFT)."""
    grounding: Annotated[float, Field(ge=0)] = 0.0
    """Weight of the loss that teaches, by the masks, which patches the instruction is about."""
    augment: bool = True
    """Random crops and light."""
    checkpointing: bool = True
    """Gradient checkpointing where there is a GPU: less memory, a third slower."""
    bits: Literal[0, 4, 8] = 0
    """Quantise the base while training on it (needs a GPU and bitsandbytes)."""
    device: str = ""
    """cpu or cuda; empty: cuda where there is one."""
    seed: Seed = 0
    """Seed of every random choice."""

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if len(self.cameras) != 1 and self.chunk == 1:
            raise ValueError("action tokens read one camera; take one, or set `chunk` above 1")
        if self.batch % (self.micro_batch or self.batch):
            raise ValueError(f"`batch` {self.batch} is no multiple of {self.micro_batch}")
        return self


class Recipe(RecipeOptions, TrainingConfig):
    """What to train on what. The base is a folder of an OpenVLA checkpoint, or its id on the
    hub."""

    preset: Annotated[str, AfterValidator(known_preset)] = "quick"
    """quick, better, or tiny (for trying out): how many steps, unless `steps` says."""
