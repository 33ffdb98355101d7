import torch

from teachloop.training.openvla.augmentation import augment, random_crop, relight


def test_pictures_stay_pictures() -> None:
    torch.manual_seed(0)
    pixels = torch.rand(6, 3, 224, 224)
    changed = augment(pixels)
    assert changed.shape == pixels.shape
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert len({round(float(image.mean()), 4) for image in changed}) == 6, "each by itself"


def test_a_crop_shows_nine_tenths_of_the_area_and_nothing_from_outside() -> None:
    torch.manual_seed(0)
    ramp = torch.linspace(0, 1, 224)[None, None, None].expand(20, 3, 224, 224)
    cropped = random_crop(ramp)
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
    red = torch.tensor([0.7, 0.3, 0.3])[None, :, None, None].expand(200, 3, 8, 8)
    relit = relight(red)
    assert (relit[:, 0] > relit[:, 1]).all(), "a slight turn of the hue leaves red red"
