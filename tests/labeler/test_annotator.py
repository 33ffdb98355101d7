import numpy as np

from teachloop.labeler.annotator import annotate, choose_frames


def masks_of(areas):
    masks = np.zeros((len(areas), 64, 64), bool)
    for mask, side in zip(masks, areas, strict=True):
        mask[20 : 20 + side, 20 : 20 + side] = True
    return masks


def test_two_frames_at_most_the_first_and_last_well_visible():
    assert choose_frames(masks_of([0, 3, 20, 20, 20, 20, 4])) == [2, 5]
    assert choose_frames(masks_of([0, 20, 0])) == [1]
    assert choose_frames(masks_of([0, 2, 3])) == []


def test_clicks_land_on_the_object_and_repeat_with_the_seed():
    masks = masks_of([20, 20, 20])
    clicks = annotate(masks, np.random.default_rng(5))
    assert len(clicks) == 2
    assert all(masks[frame][int(y), int(x)] and positive for frame, x, y, positive in clicks)
    assert clicks == annotate(masks, np.random.default_rng(5))
