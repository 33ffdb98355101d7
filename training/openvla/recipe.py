"""How an OpenVLA is fine-tuned. Imports nothing heavy."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

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
    chunk: Annotated[int, Field(ge=1, le=256)] = 1
    """1: seven action tokens; more: that many actions in one pass, by regression (OpenVLA-OFT)."""
    cameras: tuple[str, ...] = ()
    """Which of the takes' cameras to look through; none named: the first that all
    takes have. On the first named masks are taught; a second one needs `chunk` above 1."""
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

    @field_validator("cameras")
    @classmethod
    def _readable(cls, cameras: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len(cameras) > 1 and info.data.get("chunk") == 1:
            raise ValueError("must be one camera, as action tokens read one; else set `chunk`")
        return cameras

    @field_validator("micro_batch")
    @classmethod
    def _divides_batch(cls, micro_batch: int, info: ValidationInfo) -> int:
        batch = info.data.get("batch", 0)  # missing where it is wrong itself
        if micro_batch and batch % micro_batch:
            raise ValueError(f"must divide `batch`; {batch} is no multiple of it")
        return micro_batch


class Recipe(RecipeOptions, TrainingConfig):
    """What to train on what. The base is a folder of an OpenVLA checkpoint, or its id on the
    hub."""

    preset: Annotated[str, AfterValidator(known_preset)] = "quick"
    """quick, better, or tiny (for trying out): how many steps, unless `steps` says."""
