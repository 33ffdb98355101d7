"""What a grounded policy is made of; stored beside its weights. Imports nothing heavy."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ...geometry.camera import Mount
from ...runtime.errors import TeachloopError
from ..data.queries import QUERIES, Query

Positive = Annotated[int, Field(ge=1)]


class PolicyConfig(BaseModel):
    """Sizes of the encoder, the grounding attention and the action head, and what goes in and
    comes out of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    image_size: Positive = 256
    """Side of the square image that the encoder sees, in pixels."""
    patch_size: Positive = 16
    """Side of a patch in pixels, a multiple of 8 (the stem's stride)."""
    width: Positive = 128
    """Hidden size of both towers."""
    vision_layers: Positive = 3
    """Transformer layers of the vision tower."""
    text_layers: Positive = 3
    """Transformer layers of the text tower."""
    attention_heads: Positive = 4
    """Attention heads of both towers."""
    text_length: Annotated[int, Field(ge=3)] = 160
    """Longest instruction in UTF-8 bytes, start and end included."""
    head_width: Positive = 256
    """Hidden size of the action head."""
    head_blocks: Annotated[int, Field(ge=0)] = 2
    """Residual blocks of the action head."""
    chunk: Positive = 16
    """Actions predicted at once, at the control rate."""
    rate_hz: Annotated[float, Field(gt=0)] = 20.0
    """Control rate that the actions are meant for."""
    cameras: Annotated[dict[str, Mount], Field(min_length=1)] = {
        "front": "base",
        "wrist": "end_effector",
    }
    """The cameras that it was made with, in the order of the head's inputs, and what each is
    mounted on. Adapters may look through others: see ``layout``."""
    queries: Annotated[tuple[Query, ...], Field(min_length=1)] = QUERIES
    """What the attention looks for."""
    action_space: Literal["pose", "position"] = "pose"
    """What an action moves beside the gripper: the whole pose, or the position alone, the
    orientation being held."""

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
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TeachloopError(
                f"{path} is no policy configuration ({error}). "
                "A base is a folder with policy.json and model.safetensors."
            ) from error
