"""What OpenVLA's training does to its pictures: a random crop, and another light.

The amounts are those of the reference's fine-tuning: 90 % of the area, brightness 0.2, contrast
and saturation 0.8 … 1.2, hue 0.05.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from .images import CROP_AREA

BRIGHTNESS, CONTRAST, SATURATION, HUE = 0.2, (0.8, 1.2), (0.8, 1.2), 0.05
GREY = (0.299, 0.587, 0.114)
TO_YIQ = (GREY, (0.596, -0.274, -0.322), (0.211, -0.523, 0.312))


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
    grey = torch.einsum("nchw,c->nhw", pixels, pixels.new_tensor(GREY))[:, None]
    pixels = ((pixels - grey) * drawn(*SATURATION) + grey).clamp(0, 1)
    return _turned(pixels, 2 * math.pi * drawn(-HUE, HUE)[:, 0, 0, 0]).clamp(0, 1)


def _turned(pixels: Tensor, angle: Tensor) -> Tensor:
    """The hue turned by ``angle`` (n,), as a rotation of the chroma plane (YIQ)."""
    to_yiq = pixels.new_tensor(TO_YIQ)
    turn = torch.eye(3).to(pixels).repeat(len(pixels), 1, 1)
    turn[:, 1, 1] = turn[:, 2, 2] = angle.cos()
    turn[:, 1, 2], turn[:, 2, 1] = -angle.sin(), angle.sin()
    matrix = torch.linalg.inv(to_yiq) @ turn @ to_yiq
    return torch.einsum("nij,njhw->nihw", matrix, pixels)


def _uniform(
    *shape: int, low: float, high: float, generator: torch.Generator | None = None
) -> Tensor:
    return torch.rand(shape, generator=generator) * (high - low) + low
