"""SAM by its own package, on a checkpoint of ViT-B's shape with random weights. How good SAM is, is
not measured here."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from drawn_takes import draw_take

from teachloop.labeler.errors import NothingPrompted
from teachloop.labeler.methods import Methods
from teachloop.labeler.segmenters.embedding_files import EmbeddingFolder
from teachloop.labeler.segmenters.embeddings import Embeddings
from teachloop.labeler.segmenters.interface import Click, Prompts
from teachloop.labeler.segmenters.sam.library import segment_anything
from teachloop.labeler.segmenters.sam.segmenter import SamSegmenter
from teachloop.labeler.segmenters.sam.weights import (
    VARIABLE,
    NoWeights,
    UnusableWeights,
    find_weights,
    load_sam,
)
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.settings import LabelerSettings

HALF = 2e-3  # of the largest logit: what half precision of the embedding may cost
CLICKS = (Click(40.5, 30.5), Click(60.5, 50.5), Click(10.5, 12.5, positive=False))
BOX = (20.0, 10.0, 70.0, 60.0)


@pytest.fixture(scope="module", autouse=True)
def few_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("sam") / "sam_vit_b.pth"
    state = segment_anything().sam_model_registry["vit_b"]().state_dict()
    state["mask_decoder.iou_prediction_head.layers.2.bias"] += 0.5  # scores as trained ones are
    torch.save(state, path)
    return path


@pytest.fixture(scope="module")
def image() -> Any:
    return np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8)


@pytest.fixture(scope="module")
def reference(weights: Path, image: Any) -> Any:
    predictor = segment_anything().SamPredictor(load_sam(find_weights(str(weights))))
    predictor.set_image(image)
    return predictor


def looked(weights: Path, image: Any) -> SamSegmenter:
    segmenter = SamSegmenter(str(weights))
    segmenter.set_image(image)
    segmenter.look()
    return segmenter


@pytest.fixture
def segmenter(weights: Path, image: Any) -> SamSegmenter:
    return looked(weights, image)


def coordinates(*clicks: Click) -> dict[str, Any]:
    points = np.array([(click.u - 0.5, click.v - 0.5) for click in clicks])
    return {"point_coords": points, "point_labels": np.array([int(c.positive) for c in clicks])}


def assert_same(segmenter: SamSegmenter, score: float, told: Any) -> None:
    masks, scores, logits = told
    best = int(scores.argmax())
    assert segmenter.logits is not None
    assert np.abs(segmenter.logits - logits[best]).max() <= HALF * np.abs(logits[best]).max()
    assert 0 < score < 1
    assert score == pytest.approx(float(scores[best]), abs=HALF)
    assert masks[best].shape == (64, 96)


def test_one_click_is_the_best_of_the_three_masks_and_further_ones_refine_it(
    segmenter: SamSegmenter, reference: Any
) -> None:
    first = segmenter.segment(Prompts(CLICKS[:1]))
    told = reference.predict(**coordinates(*CLICKS[:1]), multimask_output=True)
    assert len(told[1]) == 3
    assert_same(segmenter, first.confidence, told)
    for count in (2, 3):
        logits = told[2][[int(told[1].argmax())]]
        told = reference.predict(
            **coordinates(*CLICKS[:count]), mask_input=logits, multimask_output=False
        )
        found = segmenter.segment(Prompts(CLICKS[:count]))
        assert_same(segmenter, found.confidence, told)


def test_each_of_the_three_masks_of_a_lone_click_can_be_chosen_and_refined(
    segmenter: SamSegmenter, reference: Any
) -> None:
    masks, scores, logits = reference.predict(**coordinates(CLICKS[0]), multimask_output=True)
    surest = np.argsort(scores)[::-1]
    assert len({masks[each].tobytes() for each in surest}) == 3
    for choice, told in enumerate(surest):
        click = replace(CLICKS[0], choice=choice)
        found = segmenter.segment(Prompts((click,)))
        assert [each.confidence for each in found.candidates] == pytest.approx(
            scores[surest], abs=HALF
        )
        assert found.confidence == found.candidates[choice].confidence
        assert np.array_equal(found.mask, found.candidates[choice].mask)
        refined = segmenter.segment(Prompts((click, CLICKS[1])))
        assert refined.candidates == ()
        after = reference.predict(
            **coordinates(*CLICKS[:2]), mask_input=logits[[told]], multimask_output=False
        )
        assert_same(segmenter, refined.confidence, after)


def test_a_box_and_a_click_in_it(segmenter: SamSegmenter, reference: Any) -> None:
    told = reference.predict(box=np.array(BOX), multimask_output=False)
    found = segmenter.segment(Prompts((), BOX))
    assert_same(segmenter, found.confidence, told)
    told = reference.predict(
        box=np.array(BOX),
        **coordinates(CLICKS[0]),
        mask_input=told[2],
        multimask_output=False,
    )
    found = segmenter.segment(Prompts(CLICKS[:1], BOX))
    assert_same(segmenter, found.confidence, told)


def test_what_was_clicked_before_gives_the_same_mask_in_a_new_session(
    segmenter: SamSegmenter, weights: Path, image: Any
) -> None:
    for count in (1, 2, 3):
        before = segmenter.segment(Prompts(CLICKS[:count]))
    after = looked(weights, image).segment(Prompts(CLICKS))
    assert np.array_equal(after.mask, before.mask)
    assert after.confidence == before.confidence


def test_an_image_is_looked_at_once(
    segmenter: SamSegmenter, weights: Path, image: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    segmenter.segment(Prompts(CLICKS[:1]))
    encoder = load_sam(find_weights(str(weights))).image_encoder
    monkeypatch.setattr(encoder, "forward", lambda _image: pytest.fail("it was looked at again"))
    other = SamSegmenter(str(weights))
    other.set_image(image.copy())
    assert other.ready
    other.segment(Prompts(CLICKS[:1]))
    other.set_image(image[::-1].copy())
    assert not other.ready


def test_from_disk_it_says_what_the_predictor_says(
    weights: Path, image: Any, reference: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = tmp_path / "takes" / draw_take(tmp_path, "one", labeled=False)
    for known in (Embeddings(), Embeddings()):
        monkeypatch.setattr("teachloop.labeler.segmenters.promptable.EMBEDDED", known)
        segmenter = SamSegmenter(str(weights))
        segmenter.keep_in(EmbeddingFolder(tmp_path, 1 << 30).of(take))
        segmenter.set_image(image)
        if not segmenter.ready:
            segmenter.look()
            encoder = load_sam(find_weights(str(weights))).image_encoder
            monkeypatch.setattr(encoder, "forward", lambda _: pytest.fail("it looked again"))
    found = segmenter.segment(Prompts(CLICKS[:1]))
    told = reference.predict(**coordinates(CLICKS[0]), multimask_output=True)
    assert_same(segmenter, found.confidence, told)


def test_a_mask_from_elsewhere_is_corrected(segmenter: SamSegmenter) -> None:
    known = np.zeros((64, 96), bool)
    known[20:40, 30:60] = True
    alone = segmenter.segment(Prompts(CLICKS[:2]))
    from_known = segmenter.segment(Prompts(CLICKS[:2]), previous=known)
    assert from_known.mask.shape == alone.mask.shape
    assert (from_known.mask != alone.mask).any()
    with pytest.raises(NothingPrompted):
        segmenter.segment(Prompts((CLICKS[2],)))


def test_a_take_is_labelled_with_the_weights_that_the_settings_name(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    draw_take(tmp_path, "one", labeled=False)
    settings = {"weights": {"segment-anything": str(weights)}, "segmenter": "segment-anything"}
    (tmp_path / "labeler.json").write_text(json.dumps(settings))
    methods = Methods(LabelerSettings.read(tmp_path))
    with LabelingSession.open(tmp_path / "takes" / "one", "Ada", methods) as session:
        session.box("front", 0, "cup", (7.0, 17.0, 27.0, 37.0))
        (record,) = session.snapshot.masks.values()
    assert 0.0 <= (record.confidence or 0.0) <= 1.0


class Hostile:
    """Code that a pickle would run."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def test_weights_that_are_none_are_said_in_a_sentence_and_nothing_is_run(
    tmp_path: Path, weights: Path, image: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(NoWeights, match="No weights of SAM are named"):
        SamSegmenter()
    with pytest.raises(NoWeights, match="There is no file"):
        SamSegmenter(str(tmp_path / "nowhere.pth"))
    short, wrong, hostile = (tmp_path / f"{name}.pth" for name in ("short", "wrong", "hostile"))
    short.write_bytes(weights.read_bytes()[:1_000_000])
    torch.save({"weight": torch.zeros(3)}, wrong)
    torch.save({"state": Hostile(tmp_path / "ran")}, hostile)
    for path, words in (
        (short, "it cannot be read"),
        (wrong, "none of ViT-B, ViT-L and ViT-H"),
        (hostile, "more than tensors, and none of it was run"),
    ):
        with pytest.raises(UnusableWeights, match=words):
            looked(path, image)
    assert not (tmp_path / "ran").exists()
    state = torch.load(weights, weights_only=True)
    state.pop("mask_decoder.iou_token.weight")
    torch.save(state, wrong)
    with pytest.raises(UnusableWeights, match="its tensors are not those of vit_b"):
        looked(wrong, image)
