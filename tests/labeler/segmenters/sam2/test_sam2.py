"""SAM 2 and EdgeTAM by transformers, on tiny checkpoints with random weights. How good they are, is
not measured here."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as functional
from drawn_takes import draw_take
from tiny_sam2 import KINDS, SIDE, save_tiny
from transformers import EdgeTamModel, Sam2Model

from teachloop.datasets.takes.computed import computed_folder
from teachloop.labeler.errors import NothingPrompted
from teachloop.labeler.segmenters.embedding_files import EmbeddingFolder
from teachloop.labeler.segmenters.embeddings import Embeddings
from teachloop.labeler.segmenters.interface import Click, KeepingSegmenter, Prompts
from teachloop.labeler.segmenters.sam2.images import to_pixels
from teachloop.labeler.segmenters.sam2.segmenter import Sam2Segmenter, load_image_model
from teachloop.labeler.segmenters.sam2.weights import find_weights

HALF = 2e-3  # of the largest logit: what half precision of the embedding may cost
HEIGHT, WIDTH = 64, 96
CLICKS = (Click(40.5, 30.5), Click(60.5, 50.5), Click(10.5, 12.5, positive=False))
BOX = (20.0, 10.0, 70.0, 60.0)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def weights(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(kind, tmp_path_factory.mktemp(kind))


@pytest.fixture(scope="module")
def image() -> Any:
    return np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.fixture(scope="module")
def reference(kind: str, weights: Path) -> Any:
    made = EdgeTamModel if kind == "edgetam" else Sam2Model
    return made.from_pretrained(weights, local_files_only=True).eval()


@pytest.fixture
def segmenter(weights: Path, image: Any) -> Sam2Segmenter:
    segmenter = Sam2Segmenter(str(weights))
    segmenter.set_image(image)
    return segmenter


def points(*clicks: Click) -> dict[str, Any]:
    """As `Sam2Processor` scales them, pixels having their centres at whole numbers."""
    scaled = [[(c.u - 0.5) * SIDE / WIDTH, (c.v - 0.5) * SIDE / HEIGHT] for c in clicks]
    return {
        "input_points": torch.tensor([[scaled]]),
        "input_labels": torch.tensor([[[int(click.positive) for click in clicks]]]),
    }


def box() -> dict[str, Any]:
    left, top, right, bottom = BOX
    scale = SIDE / WIDTH, SIDE / HEIGHT
    corners = [left * scale[0], top * scale[1], right * scale[0], bottom * scale[1]]
    return {"input_boxes": torch.tensor([[corners]])}


@torch.no_grad()
def told_by(reference: Any, image: Any, multimask_output: bool, **prompts: Any) -> Any:
    pixels = to_pixels(image, SIDE)
    return reference(pixel_values=pixels, multimask_output=multimask_output, **prompts)


def best_of(told: Any) -> Any:
    return told.pred_masks[:, :, int(told.iou_scores.argmax())]


def assert_same(segmenter: Sam2Segmenter, score: float, told: Any) -> None:
    logits = best_of(told)[0, 0].numpy()
    assert segmenter.logits is not None
    assert segmenter.logits.shape == (SIDE // 4, SIDE // 4)
    assert logits.min() < 0 < logits.max()
    assert np.abs(segmenter.logits - logits).max() <= HALF * np.abs(logits).max()
    assert score == pytest.approx(float(told.iou_scores.max()), abs=HALF)


def test_one_click_is_the_best_of_the_three_masks_and_further_ones_refine_it(
    segmenter: Sam2Segmenter, reference: Any, image: Any
) -> None:
    found = segmenter.segment(Prompts(CLICKS[:1]))
    told = told_by(reference, image, True, **points(CLICKS[0]))
    assert told.iou_scores.shape[-1] == 3
    assert_same(segmenter, found.confidence, told)
    for count in (2, 3):
        before = best_of(told)
        told = told_by(reference, image, False, **points(*CLICKS[:count]), input_masks=before)
        found = segmenter.segment(Prompts(CLICKS[:count]))
        assert_same(segmenter, found.confidence, told)


def test_a_box_and_a_click_in_it(segmenter: Sam2Segmenter, reference: Any, image: Any) -> None:
    told = told_by(reference, image, False, **box())
    found = segmenter.segment(Prompts((), BOX))
    assert_same(segmenter, found.confidence, told)
    before = best_of(told)
    told = told_by(reference, image, False, **box(), **points(CLICKS[0]), input_masks=before)
    found = segmenter.segment(Prompts(CLICKS[:1], BOX))
    assert_same(segmenter, found.confidence, told)


def test_a_mask_is_where_its_logits_are_positive(segmenter: Sam2Segmenter) -> None:
    """As `post_process_masks` of the library makes it."""
    found = segmenter.segment(Prompts(CLICKS[:1]))
    logits = torch.from_numpy(segmenter.logits)[None, None]
    shown = functional.interpolate(logits, (HEIGHT, WIDTH), mode="bilinear", align_corners=False)
    assert np.array_equal(found.mask, shown[0, 0].numpy() > 0)


def test_what_was_clicked_before_gives_the_same_mask_in_a_new_session(
    segmenter: Sam2Segmenter, weights: Path, image: Any
) -> None:
    for count in (1, 2, 3):
        before = segmenter.segment(Prompts(CLICKS[:count]))
    other = Sam2Segmenter(str(weights))
    other.set_image(image)
    after = other.segment(Prompts(CLICKS))
    assert np.array_equal(after.mask, before.mask)
    assert after.confidence == before.confidence


def test_an_image_is_looked_at_once(
    segmenter: Sam2Segmenter, weights: Path, image: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    segmenter.look()
    model = load_image_model(find_weights(str(weights)))
    monkeypatch.setattr(model.vision_encoder, "forward", lambda *_, **__: pytest.fail("again"))
    other = Sam2Segmenter(str(weights))
    assert isinstance(other, KeepingSegmenter)
    other.set_image(image.copy())
    assert other.ready
    other.segment(Prompts(CLICKS[:1]))
    other.set_image(image[::-1].copy())
    assert not other.ready


def test_a_mask_from_elsewhere_is_corrected(
    segmenter: Sam2Segmenter, reference: Any, image: Any
) -> None:
    known = np.zeros((HEIGHT, WIDTH), bool)
    known[16:48, 24:72] = True
    logits = np.full((1, 1, SIDE // 4, SIDE // 4), -10.0, np.float32)
    logits[..., 8:24, 8:24] = 10.0
    told = told_by(
        reference, image, False, **points(CLICKS[2]), input_masks=torch.from_numpy(logits)
    )
    found = segmenter.segment(Prompts((CLICKS[2],)), previous=known)
    assert_same(segmenter, found.confidence, told)
    with pytest.raises(NothingPrompted):
        segmenter.segment(Prompts((CLICKS[2],)))


def files_of(take: Path) -> Any:
    return EmbeddingFolder(take.parent.parent, 1 << 30).of(take)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return tmp_path / "takes" / draw_take(tmp_path, "one", labeled=False)


@pytest.fixture
def next_process(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on nothing is known in memory."""

    def forget() -> None:
        monkeypatch.setattr("teachloop.labeler.segmenters.promptable.EMBEDDED", Embeddings())

    forget()
    return forget


def over(weights: Path, image: Any, take: Path) -> Sam2Segmenter:
    segmenter = Sam2Segmenter(str(weights))
    segmenter.keep_in(files_of(take))
    segmenter.set_image(image)
    return segmenter


def test_from_disk_it_says_what_the_library_says(
    weights: Path, image: Any, reference: Any, take: Path, next_process: Callable[[], None]
) -> None:
    over(weights, image, take).look()
    next_process()
    segmenter = over(weights, image, take)
    assert segmenter.ready
    found = segmenter.segment(Prompts(CLICKS[:1]))
    assert_same(segmenter, found.confidence, told_by(reference, image, True, **points(CLICKS[0])))


ANOTHER_PROCESS = """
import sys
from pathlib import Path
import numpy as np
from teachloop.labeler.segmenters.embedding_files import EmbeddingFolder
from teachloop.labeler.segmenters.interface import Click, Prompts
from teachloop.labeler.segmenters.sam2.segmenter import Sam2Segmenter, load_image_model
from teachloop.labeler.segmenters.sam2.weights import find_weights

weights, image, take, out = sys.argv[1:]
def again(*_, **__): sys.exit("it looked again")
load_image_model(find_weights(weights)).vision_encoder.forward = again
segmenter = Sam2Segmenter(weights)
segmenter.keep_in(EmbeddingFolder(Path(take).parent.parent, 1 << 30).of(Path(take)))
segmenter.set_image(np.load(image))
assert segmenter.ready
segmenter.segment(Prompts((Click(40.5, 30.5),)))
np.save(out, segmenter.logits)
"""


def test_another_process_does_not_look_again(
    weights: Path, image: Any, take: Path, tmp_path: Path, next_process: Callable[[], None]
) -> None:
    here = over(weights, image, take)
    here.segment(Prompts(CLICKS[:1]))
    np.save(tmp_path / "image.npy", image)
    told = [weights, tmp_path / "image.npy", take, tmp_path / "logits.npy"]
    command = [sys.executable, "-c", ANOTHER_PROCESS, *map(str, told)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert here.logits is not None
    assert np.array_equal(np.load(tmp_path / "logits.npy"), here.logits)


def test_other_weights_and_another_configuration_do_not_read_it(
    kind: str,
    weights: Path,
    image: Any,
    take: Path,
    tmp_path: Path,
    next_process: Callable[[], None],
) -> None:
    over(weights, image, take).look()
    next_process()
    other = save_tiny(kind, tmp_path / "other")
    assert (other / "config.json").read_bytes() == (weights / "config.json").read_bytes()
    content = bytearray((other / "model.safetensors").read_bytes())
    content[-3] ^= 1  # of one number
    (other / "model.safetensors").write_bytes(content)
    status = (weights / "model.safetensors").stat()
    os.utime(other / "model.safetensors", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not over(other, image, take).ready
    assert over(weights, image, take).ready
    configuration = weights / "config.json"
    before = configuration.read_text()
    try:
        configuration.write_text(before.replace("{", "{ ", 1))
        assert not over(weights, image, take).ready
    finally:
        configuration.write_text(before)


def test_a_file_that_was_cut_short_is_computed_anew(
    weights: Path, image: Any, take: Path, next_process: Callable[[], None]
) -> None:
    over(weights, image, take).look()
    (path,) = computed_folder(take).iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    next_process()
    segmenter = over(weights, image, take)
    assert not segmenter.ready
    segmenter.look()
    assert path.stat().st_size == len(whole)


def test_a_look_ahead_is_given_up_between_two_layers_and_another_goes_on(
    weights: Path, image: Any, take: Path, next_process: Callable[[], None]
) -> None:
    asked = []

    def three_layers() -> bool:
        asked.append(time.monotonic())
        return len(asked) <= 3

    segmenter = over(weights, image, take)
    segmenter.look_ahead(three_layers)
    assert len(asked) == 4
    assert not segmenter.ready
    segmenter.look()
    assert len(asked) == 4, "who looks for somebody is not asked"
    assert segmenter.ready
    segmenter.look_ahead(lambda: pytest.fail("nothing is left to look at"))
