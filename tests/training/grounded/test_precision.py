"""Half precision changes how fast an image is seen, and hardly what is seen."""

import pytest
import torch
from torch import Tensor

from teachloop.training.grounded import precision
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.policy import Features, GroundedPolicy
from teachloop.training.policies.base_names import DEFAULT


def see(policy: GroundedPolicy, pixels: Tensor) -> Features:
    words = policy.words(["pick up the red cube"])
    with torch.no_grad():
        rays = torch.zeros(*pixels.shape[:2], 3), torch.zeros(*pixels.shape[:2], 3, 3)
        return policy.features(pixels, words.sentence, *rays)


def test_a_pointed_place_is_the_same_within_a_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = load_base(DEFAULT).eval()
    size = policy.policy_config.image_size
    pixels = torch.zeros(1, 2, 3, size, size)
    pixels[0, :, 0, 100:130, 60:90] = 2.0
    half = see(policy, pixels)
    monkeypatch.setattr(precision, "NATIVE", ())
    whole = see(policy, pixels)
    assert half.point.dtype == whole.point.dtype == torch.float32
    torch.testing.assert_close(half.point, whole.point, atol=1 / size, rtol=0)
    torch.testing.assert_close(half.visible, whole.visible, atol=0.01, rtol=0)
    where = whole.point[0, 0, 0] * size
    assert 60 <= float(where[0]) <= 90
    assert 100 <= float(where[1]) <= 130
