import numpy as np
from drawing import disc, draw
from simulated_accuracy import iou

from teachloop.labeler.segmenters.classical.regions import (
    dilate,
    erode,
    fill_holes,
    refine_edge,
    touching,
)


def test_an_edge_that_is_a_pixel_off_is_put_right():
    image, (truth,) = draw([disc((45, 80, 190), 120, 120, 13)])
    for wrong in (dilate(truth, 1), erode(truth, 1)):
        assert iou(wrong, truth) < 0.9
        assert iou(refine_edge(image, wrong), truth) > 0.97


def test_a_hole_is_filled_and_a_bay_at_the_border_is_not():
    mask = np.zeros((20, 20), bool)
    mask[4:16, 4:16] = True
    mask[8:10, 8:10] = False
    mask[0:4, 0:20] = True
    mask[0:4, 9:11] = False
    filled = fill_holes(mask)
    assert filled[8:10, 8:10].all()
    assert not filled[0:4, 9:11].any()


def test_only_parts_under_the_core_are_kept():
    mask = np.zeros((20, 20), bool)
    mask[2:6, 2:6] = mask[10:16, 10:16] = True
    core = np.zeros_like(mask)
    core[12, 12] = True
    assert touching(mask, core).sum() == 36
