"""Images as the library's processors would make them, which ask for torchvision."""

import numpy as np
import pytest
import torch
from PIL import Image
from transformers.utils.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD

from teachloop.labeler.segmenters.sam2.images import MEAN, STD, to_mask, to_pixels

LEVEL = 1 / 255 / min(STD)  # one step of a byte, normalised


def test_the_figures_are_those_of_the_library() -> None:
    assert list(MEAN) == IMAGENET_DEFAULT_MEAN
    assert list(STD) == IMAGENET_DEFAULT_STD


@pytest.mark.parametrize("shape", [(48, 64), (300, 200)])
def test_pixels_are_those_of_the_configuration_s_formula(shape: tuple[int, int]) -> None:
    """Resized to a square by PIL's bilinear filter, which antialiases, rescaled and normalised."""
    image = np.random.default_rng(1).integers(0, 255, (*shape, 3), np.uint8)
    resized = Image.fromarray(image).resize((128, 128), Image.Resampling.BILINEAR)
    wanted = (np.asarray(resized) / 255 - IMAGENET_DEFAULT_MEAN) / IMAGENET_DEFAULT_STD
    pixels = to_pixels(image, 128)
    assert pixels.shape == (1, 3, 128, 128)
    off = np.abs(np.moveaxis(pixels[0].numpy(), 0, -1) - wanted)
    assert off.max() < 1.01 * LEVEL, "two filters of bytes round differently at most"
    assert off.mean() < 0.1 * LEVEL


def test_a_mask_has_the_image_s_own_shape() -> None:
    logits = torch.full((8, 8), -1.0)
    logits[:4, :] = 1.0
    mask = to_mask(logits, (40, 60)).numpy()
    assert mask.shape == (40, 60)
    assert mask[:19].all()
    assert not mask[21:].any()
