"""Changes to images that leave the labels true: light, noise and small shifts."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

BRIGHTNESS, CONTRAST, TINT, NOISE = 0.15, 0.15, 0.04, 0.05


def relight(pixels: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Random brightness, contrast, a slight tint and sensor noise on (n, 3, s, s)."""

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator) * 2 - 1

    n = len(pixels)
    gain = 1 + CONTRAST * uniform(n, 1, 1, 1) + TINT * uniform(n, 3, 1, 1)
    shift = BRIGHTNESS * 2 * uniform(n, 1, 1, 1)
    noise = torch.randn(pixels.shape, generator=generator) * NOISE
    return pixels * gain + shift + noise


def shift_together(
    pixels: Tensor, masks: Tensor, most: int, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Images (n, 3, s, s) and their masks (n, q, s, s), moved by up to ``most`` pixels, the
    image's edge repeated and the mask's left empty."""
    size = pixels.shape[-1]
    offsets = torch.randint(0, 2 * most + 1, (len(pixels), 2), generator=generator)
    padded = F.pad(pixels, (most,) * 4, mode="replicate")
    empty = F.pad(masks, (most,) * 4)
    cut = [(slice(None), slice(y, y + size), slice(x, x + size)) for y, x in offsets.tolist()]
    images = torch.stack([image[c] for image, c in zip(padded, cut, strict=True)])
    return images, torch.stack([mask[c] for mask, c in zip(empty, cut, strict=True)])
