import colorsys

import torch

from teachloop.training.openvla.augmentation import (
    crop,
    random_windows,
    relight,
    saturate,
    turn_hue,
)
from teachloop.training.openvla.grounding import patch_shares


def test_pictures_stay_pictures() -> None:
    torch.manual_seed(0)
    pixels = torch.rand(6, 3, 224, 224)
    changed = relight(crop(pixels, random_windows(6)))
    assert changed.shape == pixels.shape
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert len({round(float(image.mean()), 4) for image in changed}) == 6, "each by itself"


def test_a_crop_shows_nine_tenths_of_the_area_and_nothing_from_outside() -> None:
    torch.manual_seed(0)
    ramp = torch.linspace(0, 1, 224)[None, None, None].expand(20, 3, 224, 224)
    cropped = crop(ramp, random_windows(20))
    width = cropped[:, 0, 0, -1] - cropped[:, 0, 0, 0]
    torch.testing.assert_close(width, torch.full((20,), 0.9**0.5), atol=1e-4, rtol=0)
    assert cropped.min() >= 0
    assert cropped.max() <= 1
    assert cropped[:, 0, 0, 0].std() > 0.005, "windows differ"


def test_light_changes_within_the_references_amounts() -> None:
    torch.manual_seed(0)
    grey = torch.full((200, 3, 8, 8), 0.5)
    change = (relight(grey) - 0.5).mean((1, 2, 3))
    assert 0.15 < change.abs().max() <= 0.2 + 1e-6
    stripes = 0.5 + 0.1 * torch.tensor([-1.0, 1.0]).repeat(4).expand(200, 3, 8, 8)
    contrast = relight(stripes).mean(1).std((1, 2)) / stripes[0, 0].std()
    assert 0.75 < contrast.min() < 0.85
    assert 1.15 < contrast.max() < 1.25
    red = torch.tensor([0.7, 0.3, 0.3])[None, :, None, None].expand(200, 3, 8, 8)
    relit = relight(red)[..., 0, 0]
    chroma = (relit[:, 0] - relit[:, 1:].mean(1)) / 0.4
    assert 0.6 < chroma.min() < 0.75, "contrast and saturation 0.8 each"
    assert chroma.max() < 1.45
    hue = torch.atan2(3**0.5 * (relit[:, 1] - relit[:, 2]), 2 * relit[:, 0] - relit[:, 1:].sum(1))
    assert 0.25 < hue.abs().max() < 0.5, "about a twentieth of the circle"


def test_saturation_and_hue_are_those_of_hsv() -> None:
    torch.manual_seed(0)
    colours = torch.cat([torch.rand(200, 3), torch.tensor([[0.5, 0.5, 0.5], [0, 0, 0], [1, 0, 0]])])
    factor, turn = 0.8 + 0.4 * torch.rand(203), 0.1 * torch.rand(203) - 0.05
    shown = colours[:, :, None, None]
    saturated = saturate(shown, factor[:, None, None, None])[:, :, 0, 0]
    turned = turn_hue(shown, turn[:, None, None, None])[:, :, 0, 0]
    for colour, by, way, one, other in zip(
        colours.tolist(), factor.tolist(), turn.tolist(), saturated, turned, strict=True
    ):
        h, s, v = colorsys.rgb_to_hsv(*colour)
        wanted = torch.tensor(colorsys.hsv_to_rgb(h, min(1.0, s * by), v))
        torch.testing.assert_close(one, wanted, atol=1e-5, rtol=0)
        wanted = torch.tensor(colorsys.hsv_to_rgb((h + way) % 1.0, s, v))
        torch.testing.assert_close(other, wanted, atol=1e-5, rtol=0)


def centre(share: torch.Tensor) -> torch.Tensor:
    """Mean column and row (n, 2) of (n, height, width), in 0 … 1."""
    places = (torch.arange(share.shape[-1]) + 0.5) / share.shape[-1]
    total = share.sum((1, 2))
    return torch.stack([share.sum(1) @ places / total, share.sum(2) @ places / total], 1)


def test_a_mask_is_cropped_with_its_picture() -> None:
    torch.manual_seed(0)
    covered = torch.zeros(8, 1, 64, 64)
    covered[:, :, 12:20, 40:48] = 1.0
    windows = random_windows(8)
    picture = crop(torch.nn.functional.interpolate(covered, (224, 224)), windows)
    shares = patch_shares(crop(covered, windows)[:, 0])
    torch.testing.assert_close(shares.sum(1), torch.ones(8))
    moved = centre(picture[:, 0])
    torch.testing.assert_close(centre(shares.unflatten(1, (16, 16))), moved, atol=0.008, rtol=0)
    assert (moved - centre(covered[:, 0])).abs().max() > 0.02, "more than half a patch"


def test_a_target_outside_its_crop_is_hidden_and_an_unlabelled_one_stays_so() -> None:
    covered = torch.zeros(2, 1, 64, 64)
    covered[0, :, :1, :1] = 1.0
    covered[1] = torch.nan
    upper_left = torch.tensor([[0.9, 0.0, 0.1], [0.0, 0.9, 0.1]]).repeat(2, 1, 1)
    shares = patch_shares(crop(covered, upper_left)[:, 0])
    assert shares[0].sum() == 0.0
    assert shares[1].isnan().all()
