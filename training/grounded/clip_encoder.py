"""The vision–language encoder: transformers' CLIP towers, at whatever size."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPVisionConfig, CLIPVisionModel

from .config import STRIDE, PolicyConfig
from .encoder import Encoder, TextFeatures
from .tokenizer import END, PADDING, START, VOCABULARY, encode_batch, trigrams

CHANNELS = 64  # of the stem's map


class Stem(nn.Sequential):
    """A few convolutions before the tower, which learn edges and shapes from far fewer images
    than a tower that meets raw patches (Xiao et al. 2021): (n, 3, s, s) to (n, 64, s/8, s/8)."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(3, CHANNELS // 2, 4, stride=4),
            nn.GELU(),
            nn.Conv2d(CHANNELS // 2, CHANNELS, 3, stride=2, padding=1),
            nn.GroupNorm(4, CHANNELS),
            nn.GELU(),
            nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1),
            nn.GroupNorm(4, CHANNELS),
            nn.GELU(),
        )


class ClipEncoder(Encoder):
    """Cells are the patches; what a sentence means is the text tower's state of the end token."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.length = config.text_length
        self.shifts = _quarters(config.patch_size)
        self.stem = Stem()
        self.vision = CLIPVisionModel(_vision(config))
        self.text = CLIPTextModel(_text(config))
        self.patch_norm = nn.LayerNorm(config.width)
        places = self.vision.embeddings.position_embedding.weight
        places.data[1:] = 0.2 * grid_waves(config.patches, config.width)

    def _cells(self, pixels: Tensor) -> Tensor:
        """See ``Encoder``."""
        return self.patch_norm(self.vision(pixel_values=self.stem(pixels)).last_hidden_state[:, 1:])

    def words(self, texts: Sequence[str]) -> TextFeatures:
        """See ``Encoder``."""
        ids, mask = encode_batch(texts, self.length)
        ids, mask = (part.to(self.patch_norm.weight.device) for part in (ids, mask))
        output = self.text(input_ids=ids, attention_mask=mask)
        return TextFeatures(output.pooler_output, trigrams(ids))


def _quarters(patch: int) -> tuple[tuple[int, int], ...]:
    """As it is and moved by a quarter of a patch each way, since what cuts an object into patches
    is chance."""
    step = patch // 4
    return (0, 0), *((x, y) for x in (step, -step) for y in (step, -step))


def grid_waves(side: int, width: int) -> Tensor:
    """Sines and cosines (side², width) of the row and of the column, as a start for position
    embeddings (Vaswani et al. 2017): a small tower need not first learn what is beside what."""
    # transformers' loading keeps `linspace` off the default device for the rest of a process
    device = torch.get_default_device()
    frequencies = 100 ** -torch.linspace(0, 1, width // 4, device=device)
    angles = torch.arange(side)[:, None] * frequencies
    line = torch.cat([angles.sin(), angles.cos()], -1)
    rows, columns = line[:, None].expand(-1, side, -1), line[None].expand(side, -1, -1)
    return torch.cat([rows, columns], -1).reshape(side * side, -1)


def _vision(config: PolicyConfig) -> CLIPVisionConfig:
    return CLIPVisionConfig(
        hidden_size=config.width,
        intermediate_size=3 * config.width,
        num_hidden_layers=config.vision_layers,
        num_attention_heads=config.attention_heads,
        num_channels=CHANNELS,
        image_size=config.image_size // STRIDE,
        patch_size=config.patch_size // STRIDE,
        hidden_act="gelu",
    )


def _text(config: PolicyConfig) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=VOCABULARY,
        hidden_size=config.width,
        intermediate_size=3 * config.width,
        num_hidden_layers=config.text_layers,
        num_attention_heads=config.attention_heads,
        max_position_embeddings=config.text_length,
        bos_token_id=START,
        eos_token_id=END,
        pad_token_id=PADDING,
        hidden_act="gelu",
    )
