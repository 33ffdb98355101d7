"""What OpenVLA's training does to its pictures: a random crop, and another light.

As in the reference's fine-tuning: 90 % of the area, brightness 0.2, contrast and saturation 0.8 …
1.2, hue 0.05, the last two in HSV as TensorFlow has them.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from .images import CROP_AREA

BRIGHTNESS, CONTRAST, SATURATION, HUE = 0.2, (0.8, 1.2), (0.8, 1.2), 0.05


def random_windows(count: int, generator: torch.Generator | None = None) -> Tensor:
    """Windows of CROP_AREA of an image, anywhere in it: affine maps (count, 2, 3)."""
    scale = math.sqrt(CROP_AREA)
    windows = torch.zeros(count, 2, 3)
    windows[:, 0, 0] = windows[:, 1, 1] = scale
    windows[:, :, 2] = _uniform(count, 2, low=scale - 1, high=1 - scale, generator=generator)
    return windows


def crop(images: Tensor, windows: Tensor) -> Tensor:
    """Each window (n, 2, 3) of its image (n, channels, height, width), at the image's full size."""
    grid = affine_grid(windows.to(images), list(images.shape), align_corners=True)
    return grid_sample(images, grid, mode="bilinear", align_corners=True)


def relight(pixels: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Random brightness, contrast, saturation and hue, in this order."""
    n = len(pixels)

    def drawn(low: float, high: float) -> Tensor:
        return _uniform(n, 1, low=low, high=high, generator=generator).to(pixels)[:, :, None, None]

    pixels = (pixels + drawn(-BRIGHTNESS, BRIGHTNESS)).clamp(0, 1)
    mean = pixels.mean((2, 3), keepdim=True)
    pixels = ((pixels - mean) * drawn(*CONTRAST) + mean).clamp(0, 1)
    pixels = saturate(pixels, drawn(*SATURATION)).clamp(0, 1)
    return turn_hue(pixels, drawn(-HUE, HUE)).clamp(0, 1)


def saturate(pixels: Tensor, factor: Tensor) -> Tensor:
    """The saturation in HSV (Smith 1978) of (n, 3, h, w) times ``factor`` (n, 1, 1, 1), at most
    one; hue and value stay."""
    value = pixels.amax(1, keepdim=True)
    below = value - pixels
    most = value / below.amax(1, keepdim=True).clamp(min=1e-9)
    return value - below * factor.minimum(most)


def turn_hue(pixels: Tensor, turn: Tensor) -> Tensor:
    """The hue in HSV of (n, 3, h, w) turned by a share ``turn`` (n, 1, 1, 1) of the circle."""
    red, green, blue = pixels.unbind(1)
    value = pixels.amax(1)
    chroma = value - pixels.amin(1)
    by = chroma.clamp(min=1e-9)
    after_red, after_green, after_blue = (green - blue) / by, (blue - red) / by, (red - green) / by
    hue = torch.where(value == green, after_green + 2, after_blue + 4)
    hue = torch.where(value == red, after_red, hue)[:, None] + 6 * turn
    place = (hue + pixels.new_tensor([5.0, 3.0, 1.0])[:, None, None]) % 6
    return value[:, None] - chroma[:, None] * place.minimum(4 - place).clamp(0, 1)


def _uniform(
    *shape: int, low: float, high: float, generator: torch.Generator | None = None
) -> Tensor:
    return torch.rand(shape, generator=generator) * (high - low) + low
