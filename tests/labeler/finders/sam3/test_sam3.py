"""SAM 3 by transformers, on a tiny checkpoint with random weights. How good SAM 3 is, is not
measured here."""

import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tiny_sam3 import SIDE, save_tiny_sam3
from transformers import CLIPTokenizer, Sam3Model
from transformers.utils.constants import IMAGENET_STANDARD_MEAN, IMAGENET_STANDARD_STD

from teachloop.labeler.finders.interface import Finder
from teachloop.labeler.finders.sam3.finder import MEAN, STD, Sam3Finder, TooManyWords
from teachloop.labeler.finders.sam3.weights import find_weights, load_sam3
from teachloop.labeler.segmenters.sam2.images import to_pixels

HEIGHT, WIDTH = 64, 96
LEVEL = 1 / 255 / 0.5  # one step of a byte, normalised


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_sam3(tmp_path_factory.mktemp("sam3"))


@pytest.fixture(scope="module")
def image() -> Any:
    return np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.fixture
def finder(weights: Path) -> Sam3Finder:
    return Sam3Finder(str(weights))


@pytest.fixture(scope="module")
def image_processor() -> Any:
    """The library's own, whose module asks for one function of torchvision that is not called
    here."""
    boxes = ModuleType("torchvision.ops.boxes")
    boxes.__dict__["batched_nms"] = None
    names = ("torchvision", "torchvision.ops", boxes.__name__)
    made = {name: ModuleType(name) for name in names if name not in sys.modules}
    with pytest.MonkeyPatch.context() as patch:
        for name in made:
            patch.setitem(sys.modules, name, boxes if name == boxes.__name__ else made[name])
        from transformers.models.sam3.image_processing_sam3 import Sam3ImageProcessor
    return Sam3ImageProcessor


@torch.no_grad()
def told_by_library(weights: Path, image_processor: Any, image: Any, words: str) -> Any:
    """Model, tokenizer and postprocessing are the library's, called as its processor calls them."""
    model = Sam3Model.from_pretrained(weights, local_files_only=True).eval()
    tokenizer = CLIPTokenizer.from_pretrained(weights, local_files_only=True)
    tokens = tokenizer(words, return_tensors="pt", padding="max_length", max_length=32)
    outputs = model(pixel_values=to_pixels(image, SIDE, MEAN, STD), **tokens)
    made = image_processor.post_process_instance_segmentation
    return made(None, outputs, target_sizes=[image.shape[:2]])[0]


@pytest.mark.parametrize("words", ["red square", "cup", "the small bin 2"])
def test_masks_and_scores_are_those_of_the_library(
    finder: Sam3Finder, weights: Path, image_processor: Any, image: Any, words: str
) -> None:
    found = finder.find(image, words)
    wanted = told_by_library(weights, image_processor, image, words)
    scores = wanted["scores"].numpy()
    surest = np.argsort(-scores)
    masks = wanted["masks"].numpy().astype(bool)[surest]
    kept = [number for number, mask in enumerate(masks) if mask.any()]
    assert len(found) == len(kept) > 1
    assert [each.score for each in found] == pytest.approx(scores[surest][kept].tolist(), abs=1e-5)
    for each, mask in zip(found, masks[kept], strict=True):
        assert each.mask.shape == (HEIGHT, WIDTH)
        assert np.mean(each.mask != mask) < 1e-3, "but for pixels that lie on the limit"


def test_pixels_are_those_of_the_configuration_s_formula(image: Any) -> None:
    assert (list(MEAN), list(STD)) == (IMAGENET_STANDARD_MEAN, IMAGENET_STANDARD_STD)
    resized = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    off = np.abs(np.moveaxis(to_pixels(image, SIDE, MEAN, STD)[0].numpy(), 0, -1)
                 - (np.asarray(resized) / 255 - 0.5) / 0.5)  # fmt: skip
    assert off.max() < 2.01 * LEVEL, "two filters of bytes, each in two passes, round differently"
    assert off.mean() < 0.3 * LEVEL


def test_other_words_find_something_else(finder: Sam3Finder, image: Any) -> None:
    cups, bins = finder.find(image, "cup"), finder.find(image, "bin")
    assert [each.score for each in cups] != [each.score for each in bins]
    again = finder.find(image, "cup")
    assert [each.score for each in again] == [each.score for each in cups]


def test_where_it_is_sure_that_nothing_is_there_it_finds_nothing(
    tmp_path: Path, image: Any
) -> None:
    assert Sam3Finder(str(save_tiny_sam3(tmp_path, presence=-5.0))).find(image, "cup") == []


def test_an_image_is_looked_at_once(
    finder: Sam3Finder, weights: Path, image: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(finder, Finder)
    finder.find(image, "cup")
    model = load_sam3(find_weights(str(weights))).model
    monkeypatch.setattr(model.vision_encoder, "forward", lambda *_, **__: pytest.fail("again"))
    assert finder.find(image.copy(), "bin")
    with pytest.raises(pytest.fail.Exception, match="again"):
        finder.find(image[::-1].copy(), "bin")


def test_a_look_is_given_up_between_two_layers_and_the_next_one_is_whole(
    finder: Sam3Finder, image: Any
) -> None:
    asked = []

    def three_layers() -> bool:
        asked.append(time.monotonic())
        return len(asked) <= 3

    other = image[::-1].copy()
    wanted = finder.find(other, "cup")
    finder.find(image, "cup")
    assert finder.find(other, "cup", three_layers) == []
    assert len(asked) == 4
    again = finder.find(other, "cup")
    assert [each.score for each in again] == [each.score for each in wanted]


def test_words_that_are_too_long_are_said_to_be(finder: Sam3Finder, image: Any) -> None:
    with pytest.raises(TooManyWords, match="Call the object by fewer words"):
        finder.find(image, "abcdefgh " * 4)


def test_capitals_and_blanks_make_no_difference(finder: Sam3Finder, image: Any) -> None:
    told, said = finder.find(image, " Red  Square "), finder.find(image, "red square")
    assert [each.score for each in told] == [each.score for each in said]
