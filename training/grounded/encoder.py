"""The vision–language encoder: transformers' CLIP towers, at whatever size."""

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPVisionConfig, CLIPVisionModel

from .config import STRIDE, PolicyConfig
from .tokenizer import END, PADDING, START, VOCABULARY, trigrams


class TextFeatures(NamedTuple):
    """Sentences, as their meaning and to the letter."""

    sentence: Tensor  # (n, width), the text tower's state of the end token
    letters: Tensor  # (n, BUCKETS), hashed trigrams


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


class Refinement(nn.Module):
    """Patches, seen from far, and the stem's map, seen from near, to the features of finer cells:
    the last step of a feature pyramid (Lin et al. 2017)."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        size = config.cell // STRIDE
        self.side, self.finer = config.patches, config.patch_size // config.cell
        self.near = nn.Conv2d(CHANNELS, config.width, size, stride=size)
        self.blocks = nn.ModuleList(_block(config.width) for _ in range(2))
        self.norm = nn.LayerNorm(config.width)

    def forward(self, patches: Tensor, edges: Tensor) -> Tensor:
        """Patches (n, patches², width) and the stem's map (n, 64, s/8, s/8) to cells
        (n, cells², width)."""
        far = patches.transpose(1, 2).unflatten(-1, (self.side, self.side))
        both = self.near(edges) + F.interpolate(far, scale_factor=self.finer, mode="bilinear")
        for block in self.blocks:
            both = both + block(both)
        return self.norm(both.flatten(2).transpose(1, 2))


def _block(width: int) -> nn.Sequential:
    return nn.Sequential(nn.GroupNorm(4, width), nn.GELU(), nn.Conv2d(width, width, 3, padding=1))


class Encoder(nn.Module):
    """Patch features of an image and the features of a sentence, of width ``width``."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.stem = Stem()
        self.vision = CLIPVisionModel(_vision(config))
        self.text = CLIPTextModel(_text(config))
        self.patch_norm = nn.LayerNorm(config.width)
        self.refinement = Refinement(config) if config.cells != config.patches else None
        places = self.vision.embeddings.position_embedding.weight
        places.data[1:] = 0.2 * grid_waves(config.patches, config.width)

    def cells(self, pixels: Tensor) -> Tensor:
        """Normalised images (n, 3, s, s) to the features of their cells (n, cells², width)."""
        edges = self.stem(pixels)
        patches = self.patch_norm(self.vision(pixel_values=edges).last_hidden_state[:, 1:])
        return patches if self.refinement is None else self.refinement(patches, edges)

    def words(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Token ids and mask (n, length) to sentence features and trigrams."""
        output = self.text(input_ids=ids, attention_mask=mask)
        return TextFeatures(output.pooler_output, trigrams(ids))


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
