"""Camera images as the towers want them: one code path for training and for acting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import PIL.Image
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from ...datasets.steps import Image

SIDE = 224  # pixels
CROP_AREA = 0.9  # of the image, in evaluation after training with random crops


@dataclass(frozen=True, slots=True)
class ImageProcessor:
    """Resizes to 224 x 224 whatever the aspect, and normalises once for each tower."""

    means: tuple[tuple[float, ...], ...]  # (2, 3): DINO's, SigLIP's
    stds: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, preprocessor: Mapping[str, Any]) -> "ImageProcessor":
        """By a checkpoint's preprocessor_config.json."""
        means, stds = preprocessor["means"], preprocessor["stds"]
        return cls(tuple(map(tuple, means)), tuple(map(tuple, stds)))

    def __call__(self, images: Sequence[Image], centre_crop: bool = False) -> Tensor:
        """RGB uint8 images (height, width, 3) of any size → (n, 6, 224, 224) float32."""
        small = torch.stack([torch.from_numpy(resized(image)) for image in images])
        pixels = small.permute(0, 3, 1, 2).float() / 255.0
        return self.normalise(centre_cropped(pixels) if centre_crop else pixels)

    def normalise(self, pixels: Tensor) -> Tensor:
        """(n, 3, 224, 224) in 0 … 1 → (n, 6, 224, 224)."""
        means = pixels.new_tensor(self.means).reshape(1, 6, 1, 1)
        stds = pixels.new_tensor(self.stds).reshape(1, 6, 1, 1)
        return (pixels.repeat(1, 2, 1, 1) - means) / stds


def resized(image: Image) -> Image:
    """224 x 224 by Pillow's bicubic filter, which is what the reference was trained with."""
    picture = PIL.Image.fromarray(np.ascontiguousarray(image))
    return np.array(picture.resize((SIDE, SIDE), PIL.Image.Resampling.BICUBIC))


def centre_cropped(pixels: Tensor) -> Tensor:
    """The middle 90 % of (n, 3, 224, 224) in 0 … 1, drawn at 224 again and rounded to bytes:
    TensorFlow's crop_and_resize and convert_image_dtype, as the reference evaluates."""
    scale = CROP_AREA**0.5
    middle = pixels.new_tensor([[scale, 0.0, 0.0], [0.0, scale, 0.0]]).expand(len(pixels), 2, 3)
    grid = affine_grid(middle, list(pixels.shape), align_corners=True)
    cropped = grid_sample(pixels, grid, mode="bilinear", align_corners=True)
    return (cropped.clamp(0.0, 1.0) * 255.5).clamp(max=255.0).floor() / 255.0
