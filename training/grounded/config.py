"""What a grounded policy is made of; stored beside its weights."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ...runtime.errors import TeachloopError

CAMERAS = ("front", "wrist")
QUERIES = ("target", "destination")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyConfig:
    """Sizes of the encoder, the grounding attention and the action head."""

    image_size: int = 256
    """Side of the square image that the encoder sees, in pixels."""
    patch_size: int = 16
    """Side of a patch in pixels, a multiple of 8 (the stem's stride)."""
    width: int = 128
    """Hidden size of both towers."""
    vision_layers: int = 3
    """Transformer layers of the vision tower."""
    text_layers: int = 3
    """Transformer layers of the text tower."""
    attention_heads: int = 4
    """Attention heads of both towers."""
    text_length: int = 160
    """Longest instruction in UTF-8 bytes, start and end included."""
    head_width: int = 256
    """Hidden size of the action head."""
    head_blocks: int = 2
    """Residual blocks of the action head."""
    chunk: int = 16
    """Actions predicted at once, at the control rate."""
    rate_hz: float = 20.0
    """Control rate that the actions are meant for."""

    @property
    def patches(self) -> int:
        """Patches along one side."""
        return self.image_size // self.patch_size

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "PolicyConfig":
        """Read what ``save`` wrote. Raises TeachloopError when it is not such a file."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise TeachloopError(
                f"{path} is no policy configuration ({error}). "
                "A base is a folder with policy.json and model.safetensors."
            ) from error
