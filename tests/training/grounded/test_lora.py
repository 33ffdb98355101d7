"""An adapter that is damaged or made on another base is refused in words, never run."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from teachloop.runtime.json_file import BrokenJson, write_json
from teachloop.training.adapters.card import CARD, AdapterCard, write_card
from teachloop.training.grounded.base import LATER, digest, load_base, save_base
from teachloop.training.grounded.lora import AdapterDoesNotFit, add_lora, load_policy, save_lora
from teachloop.training.policies.registry import open_policy

WEIGHTS, CONFIG = "lora/adapter_model.safetensors", "lora/adapter_config.json"


@pytest.fixture
def adapter(tiny_base: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    save_lora(add_lora(load_base(str(tiny_base)), rank=2), folder)
    write_card(folder, card(tiny_base))
    return folder


def card(base: Path) -> AdapterCard:
    return AdapterCard(
        name="push", base=str(base), base_sha256=digest(str(base)), takes=(), statistics={}
    )


def change_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], Any]) -> None:
    changed = change(load_file(folder / WEIGHTS))
    save_file({name: value.contiguous() for name, value in changed.items()}, folder / WEIGHTS)


def configure(folder: Path, **values: object) -> None:
    content = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**content, **values}))


class Trap:
    """A pickle that leaves a file behind where anything loads it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def test_an_adapter_opens_on_the_base_it_was_made_on(tiny_base: Path, adapter: Path) -> None:
    assert open_policy(str(tiny_base), adapter)("push the cube")


@pytest.mark.parametrize("length", [0, 5, 200, 5000])
def test_weights_cut_short_are_refused(tiny_base: Path, adapter: Path, length: int) -> None:
    content = (adapter / WEIGHTS).read_bytes()
    (adapter / WEIGHTS).write_bytes(content[:length])
    with pytest.raises(AdapterDoesNotFit, match="does not fit the base"):
        load_policy(str(tiny_base), adapter)


@pytest.mark.parametrize("name", [WEIGHTS, "lora/adapter_model.bin"])
def test_a_pickle_in_place_of_the_weights_is_refused_and_never_loaded(
    tiny_base: Path, adapter: Path, name: str
) -> None:
    mark = adapter / "loaded"
    (adapter / WEIGHTS).unlink()
    (adapter / name).write_bytes(pickle.dumps(Trap(mark)))
    with pytest.raises(AdapterDoesNotFit):
        load_policy(str(tiny_base), adapter)
    assert not mark.exists()


def test_honest_weights_in_a_pickle_are_refused_with_what_would_be_right(
    tiny_base: Path, adapter: Path
) -> None:
    torch.save(load_file(adapter / WEIGHTS), adapter / "lora/adapter_model.bin")
    (adapter / WEIGHTS).unlink()
    with pytest.raises(AdapterDoesNotFit, match=r"adapter_model\.safetensors is missing"):
        load_policy(str(tiny_base), adapter)


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"peft_type": "LORA"}'])
def test_a_configuration_that_is_none_is_refused(tiny_base: Path, adapter: Path, text: str) -> None:
    (adapter / CONFIG).write_text(text)
    with pytest.raises(AdapterDoesNotFit):
        load_policy(str(tiny_base), adapter)


@pytest.mark.parametrize(
    "values",
    [
        {"r": "x"},
        {"r": 0},
        {"r": 10**9},
        {"r": [2]},
        {"target_modules": "("},
        {"target_modules": 5},
        {"target_modules": ["nothing"]},
        {"modules_to_save": ["nothing"]},
        {"peft_type": "ZZZ"},
        {"peft_type": "IA3"},
        {"peft_type": 5},
        {"lora_alpha": "x"},
        {"rank_pattern": 5},
    ],
    ids=str,
)
def test_a_configuration_of_wrong_values_is_refused(
    tiny_base: Path, adapter: Path, values: dict[str, object]
) -> None:
    configure(adapter, **values)
    with pytest.raises(AdapterDoesNotFit):
        load_policy(str(tiny_base), adapter)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(
    tiny_base: Path, adapter: Path, value: float
) -> None:
    change_weights(adapter, lambda tensors: {k: v.fill_(value) for k, v in tensors.items()})
    with pytest.raises(AdapterDoesNotFit, match="no finite"):
        load_policy(str(tiny_base), adapter)


@pytest.mark.parametrize("part", ["lora_B", "head"])
def test_an_adapter_without_some_of_its_tensors_is_refused(
    tiny_base: Path, adapter: Path, part: str
) -> None:
    change_weights(adapter, lambda tensors: {k: v for k, v in tensors.items() if part not in k})
    with pytest.raises(AdapterDoesNotFit, match=r"missing"):
        load_policy(str(tiny_base), adapter)


def test_an_adapter_of_another_base_of_the_same_size_is_refused(
    tiny_base: Path, adapter: Path
) -> None:
    other = load_base(str(tiny_base))
    with torch.no_grad():
        next(other.parameters()).add_(1)
    save_base(other, tiny_base)
    with pytest.raises(AdapterDoesNotFit, match="trained on other weights"):
        open_policy(str(tiny_base), adapter)


def test_weights_without_a_card_are_judged_by_themselves(tiny_base: Path, adapter: Path) -> None:
    (adapter / "adapter.json").unlink()
    assert load_policy(str(tiny_base), adapter)


def test_a_card_that_is_damaged_is_not_taken_for_none(tiny_base: Path, adapter: Path) -> None:
    (adapter / "adapter.json").write_text('{"name": "half')
    with pytest.raises(BrokenJson):
        load_policy(str(tiny_base), adapter)


@pytest.mark.parametrize("base", [5, None, "", "a" * 500, "a\0"], ids=repr)
def test_a_card_whose_base_is_none_is_refused(tiny_base: Path, adapter: Path, base: object) -> None:
    write_json(adapter / CARD, {**card(tiny_base).model_dump(), "base": base})
    with pytest.raises(BrokenJson, match="base"):
        load_policy(str(tiny_base), adapter)


def test_an_adapter_may_lack_only_what_its_base_lacked(tiny_base: Path, adapter: Path) -> None:
    """The first bases were not told of orientations, and their adapters neither."""

    def without(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        return {name: value for name, value in tensors.items() if LATER not in name}

    change_weights(adapter, without)
    assert open_policy(str(tiny_base), adapter)("push the cube")
    told = load_base(str(tiny_base))
    assert told.head.oriented is not None
    torch.nn.init.ones_(told.head.oriented.weight)
    save_base(told, tiny_base)
    write_card(adapter, card(tiny_base))
    with pytest.raises(AdapterDoesNotFit, match="missing"):
        load_policy(str(tiny_base), adapter)


def test_a_base_of_before_orientations_acts_as_if_there_were_none(tiny_base: Path) -> None:
    weights = load_file(tiny_base / "model.safetensors")
    assert weights.pop("head.oriented.weight") is not None
    save_file(weights, tiny_base / "model.safetensors")
    oriented = load_base(str(tiny_base)).head.oriented
    assert oriented is not None
    assert not oriented.weight.any()
