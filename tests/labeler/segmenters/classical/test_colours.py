import numpy as np

from teachloop.labeler.segmenters.classical.colours import ColourModel, of_one_hue


def around(colour, spread=3.0, count=400, seed=0):
    noise = np.random.default_rng(seed).normal(0, spread, (count, 3))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


def test_a_face_in_the_shade_is_still_the_object():
    model = ColourModel.learn(
        [around((40, 160, 60))], [around((180, 150, 120)), around((40, 40, 45))]
    )
    lit, shaded = around((40, 160, 60), seed=1), around((18, 72, 27), seed=2)
    table, hand = around((180, 150, 120), seed=3), around((40, 40, 45), seed=4)
    share = [float((model.ratio(pixels[None]) > 0).mean()) for pixels in (lit, shaded, table, hand)]
    assert share[0] > 0.98
    assert share[1] > 0.9
    assert share[2] == share[3] == 0.0


def test_grey_has_no_hue_to_share():
    grey = around((120, 120, 120))
    assert not of_one_hue(around((60, 60, 60)), grey).any()
    assert of_one_hue(around((90, 15, 20), 1.0), around((200, 30, 40), 1.0)).mean() > 0.9
