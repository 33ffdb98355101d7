"""Bases and adapters from elsewhere: a few bytes fill no memory, import nothing, and say what is
wrong with them."""

import json
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from teachloop.runtime.errors import TeachloopError
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.lora import (
    FOLDER,
    AdapterDoesNotFit,
    add_lora,
    load_policy,
    save_lora,
)

CONFIG, WEIGHTS = "policy.json", "model.safetensors"


def configure(folder: Path, name: str, **values: object) -> None:
    path = folder / name
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize("tiny_policy", ["clip"], indirect=True)  # others take any size
@pytest.mark.parametrize(
    "odd",
    [
        {"width": 16384},
        {"width": 1 << 40},
        {"head_width": 16384},
        {"vision_layers": 64},
        {"text_layers": 10**9},
        {"text_length": 4096},
        {"image_size": 4096},
        {"chunk": 1024},
        {"head_blocks": 64},
        {"attention_heads": 3},
        {"patch_size": 7},
        {"patch_size": 64},
        {"rate_hz": 0},
        {"rate_hz": None},
        {"cameras": {}},
        {"cameras": {"front": "ceiling"}},
        {"queries": ["target"] * 50},
        {"more": 1},
        {"width": "wide"},
    ],
    ids=repr,
)
def test_a_configuration_that_the_weights_do_not_have_is_refused_in_a_moment(
    tiny_base: Path, odd: dict[str, object]
) -> None:
    configure(tiny_base, CONFIG, **odd)
    began = time.process_time()
    with pytest.raises(TeachloopError) as refused:
        load_base(str(tiny_base))
    assert time.process_time() - began < 5.0
    assert str(tiny_base) in str(refused.value)
    assert "pydantic" not in str(refused.value)


@pytest.mark.parametrize("kind", [torch.int8, torch.int64, torch.bool])
def test_weights_that_are_no_fractions_are_refused(tiny_base: Path, kind: torch.dtype) -> None:
    weights = load_file(tiny_base / WEIGHTS)
    save_file({name: value.to(kind) for name, value in weights.items()}, tiny_base / WEIGHTS)
    with pytest.raises(TeachloopError, match="no finite fractions"):
        load_base(str(tiny_base))


@pytest.fixture
def adapter(tiny_base: Path, tmp_path: Path) -> Path:
    save_lora(add_lora(load_base(str(tiny_base)), rank=2), tmp_path / "adapter")
    return tmp_path / "adapter"


@pytest.mark.parametrize(
    "odd",
    [
        {"megatron_config": {}, "megatron_core": "antigravity"},
        {"auto_mapping": {"base_model_class": "X", "parent_library": "antigravity"}},
        {"runtime_config": {"ephemeral_gpu_offload": True}},
        {"init_lora_weights": "pissa"},
        {"layer_replication": [[0, 9999]]},
    ],
    ids=repr,
)
def test_what_else_an_adapter_s_configuration_says_is_neither_imported_nor_done(
    tiny_base: Path, adapter: Path, odd: dict[str, object]
) -> None:
    plain = load_policy(str(tiny_base), adapter).state_dict()
    configure(adapter / FOLDER, "adapter_config.json", **odd)
    policy = load_policy(str(tiny_base), adapter)
    assert "antigravity" not in sys.modules
    assert all(torch.equal(value, plain[name]) for name, value in policy.state_dict().items())


@pytest.mark.parametrize(
    "odd",
    [
        {"peft_type": "LOHA"},
        {"peft_type": None},
        {"r": 3},
        {"r": 10**9},
        {"r": "2"},
        {"lora_alpha": float("nan")},
        {"lora_alpha": "2"},
        {"target_modules": "(" * 50},
        {"use_dora": True},
        {"use_rslora": True},
    ],
    ids=repr,
)
def test_an_adapter_that_computes_otherwise_is_refused(
    tiny_base: Path, adapter: Path, odd: dict[str, object]
) -> None:
    configure(adapter / FOLDER, "adapter_config.json", **odd)
    with pytest.raises(AdapterDoesNotFit):
        load_policy(str(tiny_base), adapter)


def test_the_scale_of_an_adapter_counts(tiny_base: Path, adapter: Path) -> None:
    path = adapter / FOLDER / "adapter_model.safetensors"
    save_file({name: torch.ones_like(value) for name, value in load_file(path).items()}, path)
    base, once = (load_policy(str(tiny_base), each).state_dict() for each in (None, adapter))
    configure(adapter / FOLDER, "adapter_config.json", lora_alpha=4)
    twice = load_policy(str(tiny_base), adapter).state_dict()
    (name,) = [each for each in base if each.endswith("contrast.weight")]
    torch.testing.assert_close(twice[name] - base[name], 2 * (once[name] - base[name]))
