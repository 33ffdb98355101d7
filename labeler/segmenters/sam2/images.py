"""An image as SAM 2 and 3 take it. The library's own processors ask for torchvision."""

from typing import TypeAlias

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray

from ....datasets.steps import Image

Channels: TypeAlias = tuple[float, float, float]  # red, green, blue
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, of channels from 0 to 1


def to_pixels(image: Image, side: int, mean: Channels = MEAN, std: Channels = STD) -> torch.Tensor:
    """(1, 3, side, side) of an image (height, width, 3): resized to a square without its
    proportions, as bytes, bilinear with antialiasing, then normalised, by ImageNet's figures where
    no others are given; what `Sam2ImageProcessor`, `Sam2VideoVideoProcessor` and
    `Sam3ImageProcessor` do."""
    channels = torch.tensor(np.moveaxis(image, -1, 0))[None]
    resized = functional.interpolate(channels, (side, side), mode="bilinear", antialias=True)
    middle, spread = (torch.tensor(each)[:, None, None] * 255 for each in (mean, std))
    return (resized.to(torch.float32) - middle) / spread


def in_square(
    pixels: NDArray[np.float64], shape: tuple[int, ...], side: int
) -> NDArray[np.float32]:
    """Pixels (points, 2) of an image (height, width) in those of the square."""
    height, width = shape[:2]
    return (pixels * (side / width, side / height)).astype(np.float32)


def to_mask(logits: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    """Logits (rows, columns) of the square as a mask (height, width) of the image."""
    return (
        functional.interpolate(logits[None, None], shape[:2], mode="bilinear", align_corners=False)
        > 0
    )[0, 0]
