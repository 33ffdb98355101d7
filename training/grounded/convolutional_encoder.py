"""An encoder of convolutions: small tables are learned from a tenth of the images, and on parts of
images, since nothing in it tells where in the image it looks."""

import math
from collections.abc import Sequence

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .config import PolicyConfig
from .encoder import Encoder, TextFeatures
from .tokenizer import encode_batch, trigrams
from .word_tower import WordTower

STEM = 32  # channels at a stride of 4
GROUPS = 8  # of channels that are normalised together, at most …
GROUP = 8  # … and channels in each, at least


class ConvolutionalEncoder(Encoder):
    """Cells of 8 pixels, which see what is near at a stride of 8, what is far at one of 16, both
    brought together as in a feature pyramid (Lin et al. 2017); and a tower of words."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        width = config.width
        near, far = width * 3 // 4, width * 5 // 4
        self.length = config.text_length
        self.stem = nn.Sequential(
            nn.Conv2d(3, STEM, 4, stride=4),
            _norm(STEM),
            nn.GELU(),
            nn.Conv2d(STEM, near, 3, stride=2, padding=1),
            *(Residual(near) for _ in range(2)),
        )
        self.shrink = nn.Sequential(
            _norm(near),
            nn.Conv2d(near, far, 3, stride=2, padding=1),
            *(Residual(far) for _ in range(config.vision_layers)),
        )
        self.near, self.far = nn.Conv2d(near, width, 1), nn.Conv2d(far, width, 1)
        self.last = Residual(width)
        self.norm = nn.LayerNorm(width)
        self.text = WordTower(config)

    def _cells(self, pixels: Tensor) -> Tensor:
        """See ``Encoder``."""
        edges = self.stem(pixels)
        far = self.far(self.shrink(edges))
        wide = F.interpolate(far, size=edges.shape[-2:], mode="bilinear")
        both = self.last(self.near(edges) + wide)
        return self.norm(both.flatten(2).transpose(1, 2))

    def words(self, texts: Sequence[str]) -> TextFeatures:
        """See ``Encoder``."""
        ids, _ = encode_batch(texts, self.length)
        return TextFeatures(self.text(texts), trigrams(ids.to(self.norm.weight.device)))


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(math.gcd(min(GROUPS, max(1, channels // GROUP)), channels), channels)


class Residual(nn.Module):
    """Two convolutions that at first change nothing (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = (_norm(channels) for _ in range(2))
        self.conv1, self.conv2 = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, h, w), likewise."""
        return x + self.conv2(F.gelu(self.norm2(self.conv1(F.gelu(self.norm1(x))))))
