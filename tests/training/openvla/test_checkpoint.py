import json
from dataclasses import replace
from pathlib import Path

import pytest
import tiny_openvla
import torch
from safetensors.torch import load_file, save_file
from tiny_openvla import DINO, SIGLIP, Tiny, stored
from torch import Tensor

from teachloop.training.openvla.checkpoint import (
    CheckpointMissing,
    WrongTensors,
    empty_openvla,
    layout,
    load_openvla,
)
from teachloop.training.openvla.mapping import to_reference
from teachloop.training.openvla.model import NoSuchAttention, NoTokenizer, OpenVLA
from teachloop.training.openvla.quantise import NotQuantisable
from teachloop.training.openvla.saving import CheckpointExists, save_openvla
from teachloop.training.openvla.settings import NotOpenVLA, published_settings
from teachloop.training.openvla.sizes import (
    DINO_LARGE,
    SIGLIP_SO400M,
    Towers,
    TowerSize,
    UnknownTower,
    towers_from_shapes,
)
from teachloop.training.openvla.statistics import find_statistics
from teachloop.training.openvla.weights import WeightsMissing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_openvla.write_checkpoint(tmp_path / "base")


def change(folder: Path, **held: Tensor | None) -> None:
    """Put tensors into a checkpoint, or take them out (None)."""
    path = folder / "model.safetensors"
    mixed = {**load_file(path), **held}
    save_file({key: value for key, value in mixed.items() if value is not None}, path)


def change_config(folder: Path, **fields: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    tiny_openvla.write_json(folder / "config.json", {**config, **fields})


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    for key, tensor in one.items():
        assert tensor.dtype == other[key].dtype, key
        assert torch.equal(tensor, other[key]), key


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_was_loaded_is_saved_tensor_by_tensor(tmp_path: Path, dtype: torch.dtype) -> None:
    held = tiny_openvla.tensors(Tiny(), dtype)
    folder = tiny_openvla.write_checkpoint(tmp_path / "base", held=held, tokenizer=True)
    save_openvla(load_openvla(folder), tmp_path / "copy", shard_bytes=200_000)
    assert_same(stored(tmp_path / "copy"), held)
    save_openvla(load_openvla(tmp_path / "copy"), tmp_path / "again")
    assert_same(stored(tmp_path / "again"), held)
    for name in ("config.json", "preprocessor_config.json", "tokenizer.json"):
        read = [json.loads((path / name).read_text()) for path in (folder, tmp_path / "again")]
        assert read[0] == read[1]


def test_a_trained_position_of_the_class_token_is_saved_within_the_token(
    folder: Path, tmp_path: Path
) -> None:
    model, pixels = load_openvla(folder), torch.rand(1, 6, 224, 224)
    with torch.no_grad():
        before = model.vision_backbone(pixels)
        model.vision_backbone.featurizer.embeddings.position_embeddings[:, 0] += torch.randn(128)
        trained = model.vision_backbone(pixels)
        save_openvla(model, tmp_path / "copy")
        again = load_openvla(tmp_path / "copy").vision_backbone(pixels)
    assert (trained - before).abs().max() > 1e-3
    torch.testing.assert_close(again, trained, atol=1e-5, rtol=1e-5)


def test_shards_hold_at_most_what_was_asked_and_the_index_names_them_all(
    folder: Path, tmp_path: Path
) -> None:
    limit = 700_000  # bytes; no tensor is larger
    save_openvla(load_openvla(folder), tmp_path / "copy", shard_bytes=limit)
    index = json.loads((tmp_path / "copy" / "model.safetensors.index.json").read_text())
    sizes = dict.fromkeys(index["weight_map"].values(), 0)
    for key, tensor in stored(folder).items():
        sizes[index["weight_map"][key]] += tensor.nbytes
    assert len(sizes) > 1
    assert max(sizes.values()) <= limit
    assert index["metadata"]["total_size"] == sum(sizes.values())


def test_a_checkpoint_in_shards_is_the_same_model(folder: Path, tmp_path: Path) -> None:
    whole = load_openvla(folder).state_dict()
    tiny_openvla.write_shards(folder)
    assert_same(dict(load_openvla(folder).state_dict()), dict(whole))


def test_what_the_configuration_says_is_saved_with_it(folder: Path, tmp_path: Path) -> None:
    model = load_openvla(folder)
    save_openvla(model, tmp_path / "copy")
    config = load_openvla(tmp_path / "copy").settings.config
    assert config == model.settings.config
    assert find_statistics(config["norm_stats"], "tiny").as_json() == tiny_openvla.STATISTICS


def test_nothing_is_written_over_and_a_failed_save_leaves_nothing(
    folder: Path, tmp_path: Path
) -> None:
    model = load_openvla(folder)
    with pytest.raises(CheckpointExists):
        save_openvla(model, folder)
    model.settings = replace(model.settings, config={"bad": object()})
    with pytest.raises(TypeError):
        save_openvla(model, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def test_the_dtype_can_be_chosen(folder: Path) -> None:
    model = load_openvla(folder, dtype=torch.bfloat16)
    assert {p.dtype for p in model.parameters()} == {torch.bfloat16}


def test_tower_sizes_are_read_off_the_weights(folder: Path) -> None:
    towers = load_openvla(folder).settings.towers
    assert towers.dino == TowerSize(width=128, depth=3, heads=2, mlp=160, registers=4)
    assert towers.siglip == TowerSize(width=72, depth=2, heads=1, mlp=100)


def test_the_published_sizes_are_read_off_the_published_shapes() -> None:
    model = empty_openvla(published_settings())
    published = to_reference(layout(model), model.state_dict())
    shapes = {key: tuple(tensor.shape) for key, tensor in published.items()}
    ids = published_settings().config["timm_model_ids"]
    assert towers_from_shapes(ids, shapes) == Towers(DINO_LARGE, SIGLIP_SO400M)


def test_towers_json_tells_the_heads(tmp_path: Path) -> None:
    folder = tiny_openvla.write_checkpoint(tmp_path / "base", Tiny(dino=40, siglip=24))
    with pytest.raises(UnknownTower, match=r"towers\.json"):
        load_openvla(folder)
    dino = {"width": 40, "depth": 3, "heads": 5, "patch": 14, "mlp_ratio": 4.0, "registers": 4}
    siglip = {"width": 24, "depth": 2, "heads": 3, "patch": 14, "mlp_ratio": 100 / 24}
    cards: dict[str, object] = {"featurizer": dino, "fused_featurizer": siglip}
    tiny_openvla.write_json(folder / "towers.json", cards)
    towers = load_openvla(folder).settings.towers
    assert (towers.dino.heads, towers.siglip.heads) == (5, 3)


def test_a_tower_of_an_unknown_id_needs_towers_json(folder: Path) -> None:
    change_config(folder, timm_model_ids=["vit_strange", "vit_so400m_patch14_siglip_224"])
    with pytest.raises(UnknownTower, match="vit_strange"):
        load_openvla(folder)


@pytest.mark.parametrize(
    "key",
    [
        f"{DINO}blocks.1.attn.qkv.weight",
        f"{DINO}blocks.2.ls1.scale_factor",
        f"{SIGLIP}attn_pool.kv.bias",
        "projector.fc2.weight",
        "language_model.model.layers.1.mlp.down_proj.weight",
    ],
)
def test_a_missing_or_misshapen_tensor_is_named(folder: Path, key: str) -> None:
    whole = stored(folder)[key]
    change(folder, **{key: whole[:-1].contiguous()})
    with pytest.raises(WrongTensors, match=rf"{key} is \(.*\) instead of \({len(whole)},"):
        load_openvla(folder)
    change(folder, **{key: None})
    with pytest.raises(WrongTensors, match=f"{key} is missing"):
        load_openvla(folder)


def test_a_tensor_that_belongs_to_nothing_is_named(folder: Path) -> None:
    change(folder, **{"projector.fc4.weight": torch.zeros(2, 2)})
    with pytest.raises(WrongTensors, match=r"projector\.fc4\.weight belongs to nothing"):
        load_openvla(folder)


def test_weights_that_are_not_there_are_named(folder: Path) -> None:
    tiny_openvla.write_shards(folder)
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(WeightsMissing, match="model-00002-of-00002"):
        load_openvla(folder)
    (folder / "model.safetensors.index.json").unlink()
    with pytest.raises(WeightsMissing, match="there are none"):
        load_openvla(folder)


def test_a_broken_weights_file_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no tensors here")
    with pytest.raises(WeightsMissing):
        load_openvla(folder)


def test_other_kinds_of_checkpoint_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointMissing, match="no such folder"):
        load_openvla(tmp_path / "nowhere")
    change_config(folder, image_resize_strategy="letterbox")
    with pytest.raises(NotOpenVLA, match="letterbox"):
        load_openvla(folder)


def test_a_hub_id_that_cannot_be_fetched_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(CheckpointMissing, match="nobody/no-such-openvla"):
        load_openvla("nobody/no-such-openvla")


def test_quantisation_says_what_it_needs(folder: Path) -> None:
    with pytest.raises(NotQuantisable, match="CUDA is needed"):
        load_openvla(folder, bits=4)
    with pytest.raises(NotQuantisable, match="3 bits"):
        load_openvla(folder, bits=3)


def test_an_attention_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(NoSuchAttention, match="telepathy"):
        load_openvla(folder, attention="telepathy")


def test_without_a_tokenizer_only_text_is_refused(folder: Path) -> None:
    model: OpenVLA = load_openvla(folder)
    with pytest.raises(NoTokenizer, match=r"tokenizer\.json"):
        model.prompt_ids("push the cube")
