"""How an OpenVLA is fine-tuned. Imports nothing heavy."""

from dataclasses import dataclass
from typing import Literal

PRESETS: dict[str, int] = {"tiny": 20, "quick": 1500, "better": 6000}  # steps


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeOptions:
    """What only an OpenVLA asks for."""

    steps: int = 0
    """Optimizer steps; 0: the preset's."""
    batch: int = 16
    """Looks in one step."""
    micro_batch: int = 0
    """Looks on the device at once; 0: the whole batch."""
    rate: float = 5e-4
    """Learning rate (AdamW, constant, as the reference has it)."""
    lora_rank: int = 32
    """Rank of the adapter; doubling it doubles the adapter's size."""
    cameras: tuple[str, ...] = ("front",)
    """The first is the one that masks are taught on; a second one needs `chunk` above 1."""
    chunk: int = 1
    """1: seven action tokens; more: that many actions in one pass, by regression (OpenVLA-OFT)."""
    grounding: float = 0.0
    """Weight of the loss that teaches, by the masks, which patches the instruction is about."""
    augment: bool = True
    """Random crops and light."""
    checkpointing: bool = True
    """Gradient checkpointing where there is a GPU: less memory, a third slower."""
    bits: Literal[0, 4, 8] = 0
    """Quantise the base while training on it (needs a GPU and bitsandbytes)."""
    device: str = ""
    """cpu or cuda; empty: cuda where there is one."""
    seed: int = 0
    """Seed of every random choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(RecipeOptions):
    """What to train on what."""

    takes: tuple[str, ...]
    """Ids of the takes to learn from."""
    base: str
    """Folder of an OpenVLA checkpoint, or its id on the hub."""
    preset: str = "quick"
    """quick, better, or tiny (for trying out): how many steps, unless `steps` says."""
    name: str = ""
    """Name of the adapter; empty: made from the instruction."""
    rollouts: int = 0
    """Unseen layouts of the simulator to try base and adapter on afterwards; 0: none."""
