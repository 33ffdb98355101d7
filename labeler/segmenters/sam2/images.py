"""An image as SAM 2 takes it. The library's own processors ask for torchvision."""

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray

from ....datasets.steps import Image

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, of channels from 0 to 1


def to_pixels(image: Image, side: int) -> torch.Tensor:
    """(1, 3, side, side) of an image (height, width, 3): resized to a square without its
    proportions, as bytes, bilinear with antialiasing, then normalised by ImageNet's figures; what
    `Sam2ImageProcessor` and `Sam2VideoVideoProcessor` do."""
    channels = torch.tensor(np.moveaxis(image, -1, 0))[None]
    resized = functional.interpolate(channels, (side, side), mode="bilinear", antialias=True)
    mean, std = (torch.tensor(each)[:, None, None] * 255 for each in (MEAN, STD))
    return (resized.to(torch.float32) - mean) / std


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
