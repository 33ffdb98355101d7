"""A language model is read from tensors and tables alone: whatever else lies there is not run, and
what is no model is said in one sentence. Nothing is fetched."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from spoilt_checkpoints import Hostile, configured, cut_short, name_nothing, put_in_cache
from tiny_language_model import save_language_model

from teachloop.labeler.models.checkpoint import CONFIG, TENSORS, NoWeights, UnusableWeights
from teachloop.labeler.paraphrasing.language_model import loading
from teachloop.labeler.paraphrasing.language_model.folder import (
    INDEX,
    LANGUAGE_MODEL,
    ModelFolder,
)
from teachloop.labeler.paraphrasing.language_model.loading import NoMemory, check_weights, load

HUB_ID = "somebody/their-model"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_language_model(tmp_path_factory.mktemp("published"))


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy, to be spoilt."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name_nothing(monkeypatch, tmp_path / "hub", LANGUAGE_MODEL.variable)


def changed(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / TENSORS)
    change(tensors)
    save_file(tensors, folder / TENSORS)


def only_pickled(folder: Path) -> None:
    (folder / TENSORS).rename(folder / "pytorch_model.bin")


def listed(folder: Path, name: str) -> None:
    (folder / TENSORS).rename(folder / "elsewhere.safetensors")
    (folder / INDEX).write_text(json.dumps({"weight_map": {"lm_head.weight": name}}))


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no configuration": (lambda f: (f / CONFIG).unlink(), "it has no config.json"),
    "no JSON": (lambda f: (f / CONFIG).write_text("{"), "its config.json cannot be read"),
    "a list": (lambda f: (f / CONFIG).write_text("[]"), "its config.json cannot be read"),
    "no kind": (configured(model_type=5), "its config.json names no model_type"),
    "their own kind": (
        configured(model_type="evil", auto_map={"AutoModelForCausalLM": "evil.Model"}),
        "is that of 'evil', and transformers has no language model of that kind",
    ),
    "no language": (configured(model_type="sam2"), "is that of 'sam2'"),
    "sizes of no model": (configured(hidden_size=-3), "The hidden size (-3) is not a multiple"),
    "quantized": (configured(quantization_config={}), "it is quantized"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), "it has no tokenizer.json"),
    "no tables": (lambda f: (f / "tokenizer.json").write_text("{}"), "its tokenizer.json: "),
    "cut off": (cut_short, "its model.safetensors cannot be read"),
    "pickled": (only_pickled, "it has no model.safetensors; pickles, which can hold code, are not"),
    "a tensor less": (
        lambda f: changed(f, lambda t: t.pop("model.norm.weight")),
        "model.norm.weight is missing, one of 1 tensors",
    ),
    "another size": (
        lambda f: changed(f, lambda t: t.update({"model.norm.weight": torch.ones(3)})),
        "it does not fit",
    ),
    "a part less": (lambda f: listed(f, "part.safetensors"), "its part.safetensors is missing"),
    "a part elsewhere": (lambda f: listed(f, "../x.safetensors"), "names no files of that folder"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_model_is_said_in_one_sentence(folder: Path, fault: str) -> None:
    spoil, words = FAULTS[fault]
    spoil(folder)
    with pytest.raises(UnusableWeights) as told:
        check_weights(str(folder))
    said = str(told.value)
    assert said.startswith(f"{folder}")
    assert words in said
    assert "\n" not in said


def test_no_code_beside_the_weights_is_run(folder: Path, tmp_path: Path) -> None:
    evidence = tmp_path / "it ran"

    for name in ("pytorch_model.bin", "adapter_model.bin", "training_args.bin"):
        (folder / name).write_bytes(pickle.dumps(Hostile(evidence)))
    code = f"import os; os.mkdir({str(evidence)!r})"
    for name in ("evil.py", "modeling_llama.py", "tokenization.py", "custom_generate/generate.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(code)
    told = {"base_model_name_or_path": HUB_ID, "peft_type": "LORA"}
    (folder / "adapter_config.json").write_text(json.dumps(told))
    own = {name: f"evil.{name}" for name in ("AutoConfig", "AutoModelForCausalLM")}
    configured(auto_map=own, _attn_implementation="somebody/kernel")(folder)
    path = folder / "tokenizer_config.json"
    tokens = json.loads(path.read_text())
    path.write_text(json.dumps({**tokens, "auto_map": {"AutoTokenizer": ["evil.T", "evil.T"]}}))
    check_weights(str(folder))
    assert not evidence.exists()


def test_weights_are_those_of_the_file_also_where_it_is_in_parts(folder: Path) -> None:
    whole = load_file(folder / TENSORS)
    names = sorted(whole)
    parts = {name: f"part-{number % 2}.safetensors" for number, name in enumerate(names)}
    for part in set(parts.values()):
        save_file({name: whole[name] for name in names if parts[name] == part}, folder / part)
    (folder / TENSORS).unlink()
    (folder / INDEX).write_text(json.dumps({"weight_map": parts}))
    model = load(ModelFolder.find(str(folder))).model
    held = model.state_dict()
    assert all(torch.equal(held[name].float().cpu(), whole[name]) for name in names)


def test_where_there_is_none_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoWeights, match="No weights of a causal language model are named"):
        ModelFolder.find()
    with pytest.raises(NoWeights, match="There is no folder /nowhere/at/all"):
        ModelFolder.find("/nowhere/at/all")
    with pytest.raises(NoWeights, match=f"`hf download {HUB_ID}`"):
        ModelFolder.find(HUB_ID)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnusableWeights, match="it is a file"):
        ModelFolder.find(str(tmp_path / "file"))


def test_a_hub_id_is_found_where_it_was_fetched(published: Path, tmp_path: Path) -> None:
    put_in_cache(tmp_path / "hub", HUB_ID, published)
    assert ModelFolder.find(HUB_ID).name == "their-model"


def test_the_environment_names_it_where_nothing_else_does(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LANGUAGE_MODEL.variable, str(published))
    assert ModelFolder.find().path == published


def test_a_model_that_memory_has_no_room_for_is_not_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        available = 1_000_000

    with (folder / TENSORS).open("ab") as file:
        file.truncate(2_000_000)
    monkeypatch.setattr(loading.psutil, "virtual_memory", lambda: Full)
    with pytest.raises(NoMemory, match="of memory while it is loaded, and 1 MB are free"):
        check_weights(str(folder))
