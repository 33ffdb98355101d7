"""What a grounded policy is made of; stored beside its weights. Imports nothing heavy."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from ...geometry.camera import Mount
from ...runtime.errors import TeachloopError
from ...runtime.json_file import BrokenJson, read_model
from ..data.queries import QUERIES, Query

Layers = Annotated[int, Field(ge=1, le=64)]
Side = Annotated[int, Field(ge=1, le=4096)]
Width = Annotated[int, Field(ge=4, le=16384, multiple_of=4)]
Ticks = Annotated[int, Field(ge=1, le=1024)]
STRIDE = 8  # pixels, of the stem's map


class Vocabulary(BaseModel):
    """What a policy was told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...] = ()
    """Every word."""
    names: tuple[str, ...] = ()
    """What things were called."""

    def joined(self, other: "Vocabulary") -> "Vocabulary":
        """What either was told."""
        return Vocabulary(words=self.words + other.words, names=self.names + other.names)


class PolicyConfig(BaseModel):
    """Sizes of the encoder, the grounding attention and the action head, and what goes in and
    comes out of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: Literal["clip", "convolutional"] = "clip"
    """CLIP's towers, whose cells are patches, or convolutions with cells of 8 pixels and a tower of
    words."""
    image_size: Side = 256
    """Side of the square image that the encoder sees, in pixels."""
    patch_size: Side = 16
    """Side of a patch in pixels, a multiple of 8 (the stem's stride)."""
    match_heads: Annotated[int, Field(ge=1, le=64)] = 1
    """Features of what is asked for, such as its colour and its shape, that must all be there."""
    width: Width = 128
    """Hidden size of both towers."""
    vision_layers: Layers = 3
    """Transformer layers of the vision tower, or residual blocks of the convolutions."""
    text_layers: Layers = 3
    """Transformer layers of the text tower."""
    attention_heads: Layers = 4
    """Attention heads of both towers."""
    text_length: Annotated[int, Field(ge=3, le=4096)] = 160
    """Longest instruction in UTF-8 bytes, start and end included."""
    head_width: Width = 256
    """Hidden size of the action head."""
    head_blocks: Annotated[int, Field(ge=0, le=64)] = 2
    """Residual blocks of the action head."""
    chunk: Ticks = 16
    """Actions predicted at once, at the control rate."""
    rate_hz: Annotated[float, Field(gt=0, le=1000)] = 20.0
    """Control rate that the actions are meant for."""
    cameras: Annotated[dict[str, Mount], Field(min_length=1, max_length=16)] = {
        "front": "base",
        "wrist": "end_effector",
    }
    """The cameras that it was made with, in the order of the head's inputs, and what each is
    mounted on. Adapters may look through others: see ``layout``."""
    queries: Annotated[tuple[Query, ...], Field(min_length=1, max_length=len(QUERIES))] = QUERIES
    """What the attention looks for."""
    action_space: Literal["pose", "position"] = "pose"
    """What an action moves beside the gripper: the whole pose, or the position alone, the
    orientation being held."""
    vocabulary: Vocabulary = Vocabulary()
    """What it was told."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.width % self.attention_heads:
            raise ValueError(f"width {self.width} is no multiple of {self.attention_heads} heads")
        if self.image_size % self.patch_size or self.patch_size % STRIDE:
            raise ValueError(
                f"images of {self.image_size} pixels cannot be cut into patches of "
                f"{self.patch_size}, which have to be a multiple of {STRIDE}"
            )
        if self.width % self.match_heads:
            raise ValueError(f"width {self.width} is no multiple of {self.match_heads} heads")
        return self

    @property
    def cells(self) -> int:
        """Cells along one side, among which the attention chooses."""
        return self.image_size // STRIDE if self.encoder == "convolutional" else self.patches

    @property
    def patches(self) -> int:
        """Patches along one side."""
        return self.image_size // self.patch_size

    @property
    def arm(self) -> int:
        """Numbers of an action that move the arm."""
        return 6 if self.action_space == "pose" else 3

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "PolicyConfig":
        """Read what ``save`` wrote. Raises TeachloopError when it is not such a file."""
        try:
            return read_model(path, cls)
        except BrokenJson as error:
            raise TeachloopError(
                f"This is no policy configuration: {error} "
                "A base is a folder with policy.json and model.safetensors."
            ) from error
