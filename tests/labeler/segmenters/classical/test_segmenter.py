import cv2
import numpy as np
import pytest
from drawing import block, disc, draw
from simulated_accuracy import iou

from teachloop.labeler.errors import NothingPrompted
from teachloop.labeler.segmenters.classical.segmenter import ClassicalSegmenter
from teachloop.labeler.segmenters.interface import Click, Prompts

COLOURS = {
    "red": (200, 40, 40),
    "green": (50, 160, 60),
    "blue": (45, 80, 190),
    "yellow": (220, 190, 40),
    "purple": (130, 60, 160),
    "orange": (225, 120, 30),
    "grey": (110, 110, 110),
}


def segment(image, prompts, previous=None):
    segmenter = ClassicalSegmenter()
    segmenter.set_image(image)
    return segmenter.segment(prompts, previous)


def click_in(mask, rng, positive=True):
    inner = np.argwhere(cv2.erode(mask.astype(np.uint8), np.ones((3, 3))) > 0)
    row, column = inner[rng.integers(len(inner))]
    return Click(column + 0.5, row + 0.5, positive)


@pytest.mark.parametrize("colour", COLOURS)
def test_one_click_anywhere_on_a_shaded_block_finds_all_of_its_faces(colour):
    rng = np.random.default_rng(3)
    for seed, width in enumerate((18, 24, 34)):
        image, masks = draw([block(COLOURS[colour], 110, 120, width)], seed=seed)
        found = segment(image, Prompts((click_in(masks[0], rng),)))
        assert iou(found.mask, masks[0]) > 0.9
        assert found.confidence > 0.5


def test_a_far_object_of_the_same_colour_is_left_alone():
    image, masks = draw([disc((200, 40, 40), 60, 60, 12), block((200, 40, 40), 150, 150, 24)])
    found = segment(image, Prompts((Click(60.5, 60.5),)))
    assert iou(found.mask, masks[0]) > 0.9
    assert not (found.mask & masks[1]).any()


def test_a_box_finds_what_stands_out_in_it():
    image, masks = draw([block((50, 160, 60), 100, 110, 26)])
    rows, columns = np.nonzero(masks[0])
    box = (columns.min() - 4.0, rows.min() - 4.0, columns.max() + 5.0, rows.max() + 5.0)
    assert iou(segment(image, Prompts(box=box)).mask, masks[0]) > 0.9


def test_a_negative_click_takes_a_touching_object_away():
    image, masks = draw([disc((200, 40, 40), 100, 100, 14), disc((170, 30, 60), 124, 100, 14)])
    both = Prompts((Click(100, 100), Click(126, 100, False)))
    found = segment(image, both)
    assert not found.mask[100, 126]
    assert iou(found.mask, masks[0] & ~masks[1]) > 0.8


def test_a_negative_click_on_what_is_all_around_takes_no_more_than_a_spot():
    image = np.full((64, 64, 3), 90, np.uint8)
    previous = np.zeros((64, 64), bool)
    previous[10:50, 10:50] = True
    found = segment(image, Prompts((Click(45.5, 45.5, positive=False),)), previous).mask
    assert not found[45, 45]
    assert found[12:38, 12:38].all()


def test_a_click_beside_a_mask_adds_to_it():
    image, masks = draw([disc((200, 40, 40), 80, 100, 12), disc((45, 80, 190), 160, 100, 12)])
    found = segment(image, Prompts((Click(160, 100),)), previous=masks[0])
    assert found.mask[100, 160]
    assert found.mask[100, 80]


def test_the_same_click_gives_the_same_mask():
    image, _ = draw([block((225, 120, 30), 110, 120, 24)])
    prompts = Prompts((Click(118, 128),))
    assert np.array_equal(segment(image, prompts).mask, segment(image, prompts).mask)


def test_nothing_prompted_is_said_so():
    image, _ = draw([])
    with pytest.raises(NothingPrompted, match="click on the object"):
        segment(image, Prompts())


def test_clicks_one_after_another_mean_what_they_mean_at_once():
    things = [block((50, 160, 60), 100, 110, 26), disc((200, 40, 40), 124, 100, 14)]
    image, _ = draw([*things, block((45, 80, 190), 60, 180, 20)])
    places = ((110, 100, True), (124, 100, True), (118, 104, False), (180, 60, True))
    clicks = tuple(Click(*place) for place in places)
    patient = ClassicalSegmenter()
    patient.set_image(image)
    for count in range(1, len(clicks) + 1):
        said = Prompts(clicks[:count])
        assert np.array_equal(patient.segment(said).mask, segment(image, said).mask)


def test_another_picture_is_looked_at_anew():
    red, _ = draw([block((200, 40, 40), 100, 110, 26)])
    green, _ = draw([block((50, 160, 60), 110, 100, 20)])
    segmenter, said = ClassicalSegmenter(), Prompts((Click(105, 105),))
    segmenter.set_image(red)
    segmenter.segment(said)
    segmenter.set_image(green)
    assert np.array_equal(segmenter.segment(said).mask, segment(green, said).mask)


def test_what_fills_the_picture_is_found_to_the_pixel():
    image, masks = draw([disc((45, 80, 190), 128, 128, 101)])
    found = segment(image, Prompts((Click(128.5, 100.5),))).mask
    assert iou(found, masks[0]) > 0.99
