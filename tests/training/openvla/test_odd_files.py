"""Bases whose files are odd are refused in words that name the file and what would be right."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny_openvla
import torch
from safetensors.torch import load_file, save_file

from teachloop.runtime.errors import TeachloopError
from teachloop.training.openvla.checkpoint import WrongTensors, load_openvla
from teachloop.training.openvla.settings import NotOpenVLA
from teachloop.training.openvla.weights import WeightsMissing

FC1 = "projector.fc1.weight"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_openvla.write_checkpoint(tmp_path / "base", tokenizer=True)


def change(path: Path, **fields: object) -> None:
    tiny_openvla.write_json(path, {**json.loads(path.read_text()), **fields})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timm_model_ids", None),
        ("timm_model_ids", ["vit_large_patch14_reg4_dinov2.lvd142m"]),
        ("timm_model_ids", "vit"),
        ("text_config", None),
        ("use_fused_vision_backbone", False),
        ("image_sizes", 224),
        ("image_sizes", [384, 384]),
        ("image_resize_strategy", "letterbox"),
        ("pad_to_multiple_of", None),
        ("pad_token_id", None),
        ("n_action_bins", None),
        ("norm_stats", [1]),
    ],
)
def test_an_odd_configuration_is_refused_by_its_field(
    folder: Path, name: str, value: object
) -> None:
    change(folder / "config.json", **{name: value})
    with pytest.raises(NotOpenVLA, match=rf"config\.json, {name}.* must "):
        load_openvla(folder)


@pytest.mark.parametrize(
    "value", [{"hidden_size": "48"}, {"num_attention_heads": None}, {"vocab_size": []}]
)
def test_a_language_model_of_odd_sizes_is_refused(folder: Path, value: dict[str, object]) -> None:
    text = json.loads((folder / "config.json").read_text())["text_config"]
    change(folder / "config.json", text_config={**text, **value})
    with pytest.raises(TeachloopError, match="text_config"):
        load_openvla(folder)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("means", None),
        ("means", [0.5, 0.5, 0.5]),
        ("means", [[0.5, 0.5, 0.5]]),
        ("stds", [[0, 0, 0], [0.5, 0.5, 0.5]]),
        ("stds", [["0.5"] * 3] * 2),
        ("input_sizes", [[3, 384, 384]] * 2),
    ],
)
def test_an_odd_preprocessor_is_refused_by_its_field(
    folder: Path, name: str, value: object
) -> None:
    change(folder / "preprocessor_config.json", **{name: value})
    with pytest.raises(NotOpenVLA, match=rf"preprocessor_config\.json, {name}.* must "):
        load_openvla(folder)


@pytest.mark.parametrize(
    "weight_map", [["a"], None, {"a": None}, {"a": 5}, {"a": "../model.safetensors"}]
)
def test_an_index_that_names_no_files_is_refused(folder: Path, weight_map: object) -> None:
    tiny_openvla.write_shards(folder)
    tiny_openvla.write_json(folder / "model.safetensors.index.json", {"weight_map": weight_map})
    with pytest.raises(WeightsMissing, match="weight_map"):
        load_openvla(folder)


def converted(folder: Path, convert: Callable[[torch.Tensor], torch.Tensor]) -> None:
    path = folder / "model.safetensors"
    save_file({**(held := load_file(path)), FC1: convert(held[FC1])}, path)


def test_tensors_of_whole_numbers_are_named(folder: Path) -> None:
    converted(folder, lambda tensor: tensor.to(torch.int8))
    with pytest.raises(WrongTensors, match=f"{FC1} holds I8"):
        load_openvla(folder)


def test_tensors_of_several_precisions_become_one(folder: Path) -> None:
    converted(folder, torch.Tensor.half)
    assert {parameter.dtype for parameter in load_openvla(folder).parameters()} == {torch.float32}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("tokenizer.json", "version https://git-lfs.github.com/spec/v1\n"),
        ("tokenizer.json", "{}"),
        ("tokenizer.json", ""),
        ("tokenizer_config.json", '{"tokenizer_class": 5}'),
    ],
)
def test_an_odd_tokenizer_is_refused(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(TeachloopError, match="tokenizer"):
        load_openvla(folder)


@pytest.mark.parametrize("heads", [None, 0, "5", 2.5])
def test_a_tower_of_an_odd_size_is_refused(folder: Path, heads: object) -> None:
    card = {"width": 128, "depth": 3, "heads": heads, "patch": 14, "mlp_ratio": 4.0}
    towers = {"featurizer": card, "fused_featurizer": card}
    tiny_openvla.write_json(folder / "towers.json", towers)
    with pytest.raises(TeachloopError, match=r"towers\.json, heads must"):
        load_openvla(folder)
