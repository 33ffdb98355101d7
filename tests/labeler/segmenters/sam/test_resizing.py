"""Masks at a picture's size are those of the package, made in one step."""

from types import SimpleNamespace

import pytest
import torch
from torch.testing import assert_close

from teachloop.labeler.segmenters.sam.library import segment_anything
from teachloop.labeler.segmenters.sam.resizing import Size, resized


@pytest.mark.parametrize("size", [(480, 640), (64, 96), (300, 200), (1080, 1920), (1, 40)])
@pytest.mark.parametrize(("side", "square"), [(256, 1024), (16, 64)])
def test_in_one_step_it_is_what_the_package_makes_in_three(
    size: Size, side: int, square: int
) -> None:
    package = segment_anything()
    inside = package.utils.transforms.ResizeLongestSide.get_preprocess_shape(*size, square)
    logits = 8 * torch.randn(3, side, side, generator=torch.manual_seed(1))
    model = SimpleNamespace(image_encoder=SimpleNamespace(img_size=square))
    expected = package.modeling.Sam.postprocess_masks(model, logits[None], inside, size)[0]
    assert_close(resized(logits, square, inside, size), expected, atol=1e-4, rtol=0)
