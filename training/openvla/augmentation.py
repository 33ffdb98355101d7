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


def augment(pixels: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """(n, 3, 224, 224) in 0 … 1, each cropped and relit by itself."""
    return relight(random_crop(pixels, generator), generator)


def random_crop(pixels: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """A random window of CROP_AREA of each image, drawn at its full size."""
    n, scale = len(pixels), math.sqrt(CROP_AREA)
    shift = _uniform(n, 2, low=scale - 1, high=1 - scale, generator=generator).to(pixels)
    window = pixels.new_zeros(n, 2, 3)
    window[:, 0, 0] = window[:, 1, 1] = scale
    window[:, :, 2] = shift
    grid = affine_grid(window, list(pixels.shape), align_corners=True)
    return grid_sample(pixels, grid, mode="bilinear", align_corners=True)


def relight(pixels: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Random brightness, contrast, saturation and hue, in this order."""
    n = len(pixels)

    def drawn(low: float, high: float) -> Tensor:
        return _uniform(n, 1, low=low, high=high, generator=generator).to(pixels)[:, :, None, None]

    pixels = pixels + drawn(-BRIGHTNESS, BRIGHTNESS)
    mean = pixels.mean((2, 3), keepdim=True)
    pixels = (pixels - mean) * drawn(*CONTRAST) + mean
    grey = torch.einsum("nchw,c->nhw", pixels, pixels.new_tensor(GREY))[:, None]
    pixels = (pixels - grey) * drawn(*SATURATION) + grey
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
