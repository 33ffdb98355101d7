"""Which adapters of peft are computed alike here: all others are refused by name."""

import json
from pathlib import Path

import pytest

from teachloop.training.openvla.published_config import ForeignAdapter, published_lora

PUBLISHED = {
    "alpha_pattern": {}, "auto_mapping": {"base_model_class": "OpenVLAForActionPrediction"},
    "base_model_name_or_path": "openvla/openvla-7b", "bias": "none", "fan_in_fan_out": False,
    "inference_mode": True, "init_lora_weights": "gaussian", "layer_replication": None,
    "layers_pattern": None, "layers_to_transform": None, "loftq_config": {}, "lora_alpha": 16,
    "lora_dropout": 0.0, "megatron_config": None, "megatron_core": "megatron.core",
    "modules_to_save": None, "peft_type": "LORA", "r": 32, "rank_pattern": {}, "revision": None,
    "target_modules": ["proj", "qkv", "fc1"], "task_type": None, "use_dora": False,
    "use_rslora": False,
}  # fmt: skip
NEWER = {
    "alora_invocation_tokens": None, "arrow_config": None, "corda_config": None,
    "ensure_weight_tying": False, "eva_config": None, "exclude_modules": None,
    "lora_bias": False, "lora_ga_config": None, "peft_version": "0.21.2",
    "qalora_group_size": 16, "target_parameters": None, "trainable_token_indices": None,
    "use_bdlora": None, "use_qalora": False,
}  # fmt: skip


def write(folder: Path, **changed: object) -> Path:
    (folder / "adapter_config.json").write_text(json.dumps({**PUBLISHED, **changed}))
    return folder


@pytest.mark.parametrize("more", [{}, NEWER, {"lora_alpha": 2.5, "init_lora_weights": True}])
def test_what_the_reference_script_saves_is_understood(
    tmp_path: Path, more: dict[str, object]
) -> None:
    lora = published_lora(write(tmp_path, **more))
    assert (lora.r, lora.lora_alpha) == (32, more.get("lora_alpha", 16))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alora_invocation_tokens", [1, 2, 3]),
        ("alpha_pattern", {"q_proj": 8}),
        ("fan_in_fan_out", True),
        ("layer_replication", [[0, 1], [0, 2]]),
        ("loftq_config", {"loftq_bits": 4}),
        ("lora_bias", True),
        ("modules_to_save", ["lm_head"]),
        ("rank_pattern", {"q_proj": 8}),
        ("some_future_setting", {"a": 1}),
        ("target_parameters", ["x"]),
        ("trainable_token_indices", [3]),
        ("use_bdlora", {"nblocks": 2}),
        ("use_dora", True),
        ("use_qalora", True),
        ("use_rslora", True),
    ],
)
def test_a_setting_that_may_change_what_is_computed_is_refused_by_name(
    tmp_path: Path, name: str, value: object
) -> None:
    with pytest.raises(ForeignAdapter, match=f"has {name} "):
        published_lora(write(tmp_path, **{name: value}))


@pytest.mark.parametrize(
    "init", ["pissa", "pissa_niter_4", "olora", "corda", "loftq", "eva", "lora_ga", None]
)
def test_an_initialisation_that_changes_the_base_is_refused(tmp_path: Path, init: object) -> None:
    with pytest.raises(ForeignAdapter, match="init_lora_weights must be"):
        published_lora(write(tmp_path, init_lora_weights=init))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("peft_type", "LOHA"),
        ("peft_type", None),
        ("bias", "lora_only"),
        ("r", "4"),
        ("r", 0),
        ("r", True),
        ("r", None),
        ("lora_alpha", None),
        ("lora_alpha", 0),
        ("lora_alpha", "16"),
    ],
)
def test_what_is_of_another_kind_or_size_is_refused_with_what_would_be_right(
    tmp_path: Path, name: str, value: object
) -> None:
    with pytest.raises(ForeignAdapter, match=f"in adapter_config.json, {name} must be"):
        published_lora(write(tmp_path, **{name: value}))


def test_a_configuration_that_lacks_its_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text('{"r": 32, "lora_alpha": 16}')
    with pytest.raises(ForeignAdapter, match="peft_type is missing"):
        published_lora(tmp_path)
