"""The native model against recorded outputs of the reference implementation.

TEACHLOOP_GOLDEN names a folder (or one above it called openvla_tiny/) with
- a checkpoint of any width and depth: config.json with norm_stats["fixture"],
  preprocessor_config.json, towers.json and weights.safetensors (or model.safetensors, or shards
  with an index); it is computed with in float32, however it is stored;
- image.png, RGB;
- expected.safetensors: pixel_values (n, 6, 224, 224), input_ids, attention_mask and labels
  (n, length); vision_features, projected, logits, loss for them; greedy_tokens (7,) and
  greedy_action (7,) from the first row without the empty piece 29871; pixel_values_image
  (1, 6, 224, 224) of image.png; actions (m, 7), action_tokens and decoded_actions.
"""

import os
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.decoding import greedy
from teachloop.training.openvla.model import OpenVLA, Prediction
from teachloop.training.openvla.statistics import find_statistics

GOLDEN = os.environ.get("TEACHLOOP_GOLDEN")
pytestmark = pytest.mark.skipif(
    not GOLDEN, reason="TEACHLOOP_GOLDEN names no folder of the reference's outputs"
)
Tensors = dict[str, Tensor]


@pytest.fixture(scope="module")
def folder() -> Path:
    named = Path(GOLDEN or "")
    return named if (named / "config.json").is_file() else named / "openvla_tiny"


@pytest.fixture(scope="module")
def model(folder: Path) -> OpenVLA:
    torch.set_num_threads(1)
    return load_openvla(folder, dtype=torch.float32, test=False)


@pytest.fixture(scope="module")
def expected(folder: Path) -> Tensors:
    return load_file(folder / "expected.safetensors")


@pytest.fixture(scope="module")
def prediction(model: OpenVLA, expected: Tensors) -> Prediction:
    given = (expected[name] for name in ("pixel_values", "input_ids", "attention_mask", "labels"))
    with torch.no_grad():
        return model(*given)


def furthest(one: Tensor, other: Tensor) -> float:
    assert one.shape == other.shape
    return float((one - other).abs().max())


def test_an_image_is_processed_as_in_the_reference(
    model: OpenVLA, expected: Tensors, folder: Path
) -> None:
    image = np.array(PIL.Image.open(folder / "image.png").convert("RGB"))
    assert furthest(model.image_processor([image]), expected["pixel_values_image"]) <= 1e-3


def test_vision_features_agree(model: OpenVLA, expected: Tensors) -> None:
    with torch.no_grad():
        features = model.vision_backbone(expected["pixel_values"])
    assert furthest(features, expected["vision_features"]) <= 1e-4


def test_projected_patches_agree(prediction: Prediction, expected: Tensors) -> None:
    assert furthest(prediction.patches, expected["projected"]) <= 1e-4


def test_logits_agree(prediction: Prediction, expected: Tensors) -> None:
    assert furthest(prediction.logits, expected["logits"]) <= 1e-4


def test_the_loss_agrees(prediction: Prediction, expected: Tensors) -> None:
    assert prediction.loss is not None
    assert furthest(prediction.loss.reshape(1), expected["loss"].reshape(1)) <= 1e-4


def test_greedy_tokens_and_their_action_agree(model: OpenVLA, expected: Tensors) -> None:
    tokens = greedy(model, expected["pixel_values"][:1], expected["input_ids"][:1]).tokens[0]
    assert tokens.tolist() == expected["greedy_tokens"].tolist()
    statistics = find_statistics(model.settings.config["norm_stats"], "fixture")
    action = statistics.restore(model.action_tokenizer.decode(tokens.numpy()))
    np.testing.assert_allclose(action, expected["greedy_action"].numpy(), rtol=0, atol=1e-6)


def test_actions_become_the_reference_s_tokens_and_back(model: OpenVLA, expected: Tensors) -> None:
    tokens = model.action_tokenizer.encode(expected["actions"].numpy())
    np.testing.assert_array_equal(tokens, expected["action_tokens"].numpy())
    decoded = model.action_tokenizer.decode(tokens)
    np.testing.assert_array_equal(decoded, expected["decoded_actions"].numpy())
