import json
from pathlib import Path

import pytest
import tiny_openvla
import torch
from safetensors.torch import load_file, save_file
from tiny_openvla import DINO, Tiny, linear_layers, stored
from torch import Tensor, nn

from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.lora import (
    TOLERANCE,
    AdapterMisfits,
    MergeDiffers,
    add_lora,
    load_adapter,
    merge,
    openvla_of,
    save_adapter,
)
from teachloop.training.openvla.model import OpenVLA
from teachloop.training.openvla.parameters import (
    Entry,
    lora_entries,
    reference_count,
    saved_count,
    trainable_count,
)
from teachloop.training.openvla.published_adapter import ForeignAdapter, import_adapter
from teachloop.training.openvla.saving import NotSavable, save_openvla
from teachloop.training.openvla.settings import published_settings

RANK, ALPHA = 4, 6
PREFIX = "base_model.model."
QKV = f"{PREFIX}{DINO}blocks.0.attn.qkv"
PROBE = torch.rand(1, 6, 224, 224), torch.tensor([[1, 40, 41, 42, 43]])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_openvla.write_checkpoint(tmp_path_factory.mktemp("openvla") / "base")


@pytest.fixture
def model(base: Path) -> OpenVLA:
    return load_openvla(base, test=False)


def test_the_published_model_has_the_published_parameters() -> None:
    assert saved_count(published_settings()) == 7_541_237_184


def test_the_published_lora_is_counted_entry_by_entry() -> None:
    table = {entry.part: entry.reference for entry in lora_entries(published_settings())}
    assert table == {
        "Llama": 79_953_920, "lm_head": 1_157_120, "projector": 1_019_904, "DINO": 12_582_912,
        "SigLIP": 15_399_936, "attention pool": 607_232, "patch convolutions": 107_264,
    }  # fmt: skip
    assert reference_count(published_settings()) == 110_828_288


def test_ours_has_two_more_a_for_each_fused_qkv_and_nothing_else() -> None:
    more = {"DINO": 2 * 24 * 32 * 1024, "SigLIP": 2 * 27 * 32 * 1152}
    for entry in lora_entries(published_settings()):
        assert entry == Entry(
            entry.part, entry.reference, entry.reference + more.get(entry.part, 0)
        )


def test_the_table_counts_what_is_really_trainable(model: OpenVLA) -> None:
    native = sum(entry.native for entry in lora_entries(model.settings, RANK))
    assert trainable_count(add_lora(model, RANK, ALPHA)) == native


def test_every_linear_layer_and_patch_convolution_is_adapted(model: OpenVLA) -> None:
    kinds = (nn.Linear, nn.Conv2d)
    layers = {name for name, module in model.named_modules() if isinstance(module, kinds)}
    add_lora(model, RANK, ALPHA)
    adapted = {n.split(".lora_A")[0] for n, _ in model.named_parameters() if ".lora_A" in n}
    assert adapted == layers


def logits(model: nn.Module) -> Tensor:
    pixels, ids = PROBE
    with torch.no_grad():
        return model(pixels, input_ids=ids, attention_mask=torch.ones_like(ids)).logits


def test_a_new_adapter_changes_nothing(model: OpenVLA) -> None:
    before = logits(model)
    assert torch.equal(logits(add_lora(model, RANK, ALPHA)), before)


def test_a_saved_adapter_is_loaded_again_and_may_be_trained_on(
    base: Path, model: OpenVLA, tmp_path: Path
) -> None:
    adapted = add_lora(model, RANK, ALPHA)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(parameter, std=0.1)
    save_adapter(adapted, tmp_path)
    assert (tmp_path / "adapter_model.safetensors").is_file()
    again = load_adapter(load_openvla(base, test=False), tmp_path, trainable=True)
    assert torch.equal(logits(again), logits(adapted))
    assert trainable_count(again) == trainable_count(adapted)


def test_an_adapter_of_another_model_is_refused(model: OpenVLA, tmp_path: Path) -> None:
    with pytest.raises(AdapterMisfits, match="Load the base"):
        load_adapter(model, tmp_path / "nowhere")
    wide = tiny_openvla.write_checkpoint(tmp_path / "wide", Tiny(language=64))
    save_adapter(add_lora(load_openvla(wide), RANK, ALPHA), tmp_path)
    with pytest.raises(AdapterMisfits, match="does not fit"):
        load_adapter(model, tmp_path)


def published_adapter(folder: Path) -> dict[str, Tensor]:
    """An adapter as the reference script leaves it: timm's names, qkv fused."""
    torch.manual_seed(5)
    held: dict[str, Tensor] = {}
    for name, (outputs, *inputs) in linear_layers(Tiny()):
        ones = [1] * len(inputs[1:])
        held[f"{PREFIX}{name}.lora_A.weight"] = 0.1 * torch.randn(RANK, *inputs)
        held[f"{PREFIX}{name}.lora_B.weight"] = 0.1 * torch.randn(outputs, RANK, *ones)
    folder.mkdir(exist_ok=True)
    # "all-linear" takes the output layer in, and peft then saves the base's own beside it.
    output = tiny_openvla.tensors(Tiny())["language_model.lm_head.weight"]
    whole = {f"{PREFIX}language_model.lm_head.base_layer.weight": output}
    save_file({**held, **whole}, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "target_modules": ["qkv"]}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return held


def merged_by_hand(base: Path, adapter: dict[str, Tensor]) -> dict[str, Tensor]:
    """The published weights with alpha / rank · B·A added."""
    weights = stored(base)
    for name, shape in linear_layers(Tiny()):
        a, b = (adapter[f"{PREFIX}{name}.lora_{side}.weight"].flatten(1) for side in "AB")
        weights[f"{name}.weight"] += ALPHA / RANK * (b @ a).reshape(shape)
    return weights


def test_an_imported_adapter_merges_to_the_reference_s_merged_weights(
    base: Path, model: OpenVLA, tmp_path: Path
) -> None:
    published = published_adapter(tmp_path / "adapter")
    merged = merge(import_adapter(model, tmp_path / "adapter"), *PROBE)
    save_openvla(merged, tmp_path / "merged")
    ours, wanted = stored(tmp_path / "merged"), merged_by_hand(base, published)
    assert ours.keys() == wanted.keys()
    for key, tensor in wanted.items():
        torch.testing.assert_close(ours[key], tensor, atol=1e-6, rtol=1e-5, msg=key)


def test_an_imported_adapter_acts_like_the_reference_s_merged_model(
    base: Path, model: OpenVLA, tmp_path: Path
) -> None:
    published = published_adapter(tmp_path / "adapter")
    tiny_openvla.write_checkpoint(tmp_path / "merged", held=merged_by_hand(base, published))
    adapted = openvla_of(import_adapter(model, tmp_path / "adapter"))
    wanted = load_openvla(tmp_path / "merged")
    torch.testing.assert_close(logits(adapted), logits(wanted), atol=1e-3, rtol=1e-3)


def spoil(folder: Path, **held: Tensor | None) -> None:
    path = folder / "adapter_model.safetensors"
    mixed = {**load_file(path), **held}
    save_file({key: value for key, value in mixed.items() if value is not None}, path)


@pytest.mark.parametrize(
    ("key", "tensor", "said"),
    [
        (
            f"{PREFIX}nose.lora_A.weight",
            torch.zeros(4, 4),
            "nose.lora_A.weight belongs to no layer",
        ),
        (f"{QKV}.lora_magnitude_vector", torch.zeros(4), "lora_magnitude_vector belongs to no"),
        (f"{QKV}.lora_B.weight", torch.zeros(380, RANK), "layer.0.attention"),
        (f"{QKV}.lora_A.weight", torch.zeros(RANK, 127), "layer.0.attention"),
        (f"{QKV}.lora_B.weight", None, "layer.0.attention"),
        (f"{QKV}.lora_A.weight", torch.zeros(RANK, 128, dtype=torch.int8), "qkv.* floating-point"),
        (f"{QKV}.lora_A.weight", torch.full((RANK, 128), float("nan")), "qkv.* finite"),
        (
            f"{PREFIX}language_model.lm_head.base_layer.weight",
            torch.zeros(448, 48),
            "not the weight of this base",
        ),
    ],
)
def test_an_adapter_that_does_not_fit_is_refused_by_name(
    model: OpenVLA, tmp_path: Path, key: str, tensor: Tensor | None, said: str
) -> None:
    published_adapter(tmp_path / "adapter")
    spoil(tmp_path / "adapter", **{key: tensor})
    with pytest.raises(ForeignAdapter, match=said):
        import_adapter(model, tmp_path / "adapter")


def test_an_adapter_of_another_kind_is_refused(model: OpenVLA, tmp_path: Path) -> None:
    published_adapter(tmp_path)
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 6, "use_dora": True}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(ForeignAdapter, match="use_dora"):
        import_adapter(model, tmp_path)


def test_an_adapter_of_another_rank_than_it_says_is_refused(model: OpenVLA, tmp_path: Path) -> None:
    published_adapter(tmp_path)
    config = {"peft_type": "LORA", "r": RANK + 4, "lora_alpha": ALPHA}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(ForeignAdapter, match=f"rank {RANK + 4} "):
        import_adapter(model, tmp_path)


def test_an_adapted_model_is_not_saved_as_a_checkpoint(model: OpenVLA, tmp_path: Path) -> None:
    adapted = add_lora(model, RANK, ALPHA)
    with pytest.raises(NotSavable, match="Merge its adapter"):
        save_openvla(openvla_of(adapted), tmp_path / "copy")


def test_an_adapter_with_a_weight_that_is_no_number_is_not_merged(
    model: OpenVLA, tmp_path: Path
) -> None:
    adapted = add_lora(model, RANK, ALPHA)
    model.get_parameter("projector.fc1.lora_B.default.weight").data.fill_(float("nan"))
    with pytest.raises(MergeDiffers):
        merge(adapted, *PROBE)


def test_a_merge_that_changes_more_than_the_tolerance_is_undone_and_refused(
    model: OpenVLA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_adapter(tmp_path / "adapter")
    adapted = import_adapter(model, tmp_path / "adapter")
    weight = model.get_parameter("projector.fc1.base_layer.weight")
    before = weight.clone()
    monkeypatch.setitem(TOLERANCE, torch.float32, 0.0)  # so that rounding is too much
    with pytest.raises(MergeDiffers, match="Merge in float32"):
        merge(adapted, *PROBE)
    torch.testing.assert_close(weight, before, atol=1e-5, rtol=0)
    monkeypatch.undo()
    merged = merge(adapted, *PROBE).get_parameter("projector.fc1.weight")
    assert (merged - before).abs().max() > 1e-2


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_merging_within_rounding_is_accepted(
    base: Path, tmp_path: Path, dtype: torch.dtype
) -> None:
    published_adapter(tmp_path / "adapter")
    model = load_openvla(base, dtype=dtype, test=False)
    pixels, ids = PROBE
    merged = merge(import_adapter(model, tmp_path / "adapter"), pixels.to(dtype), ids)
    assert not [name for name in merged.state_dict() if ".lora_" in name]
