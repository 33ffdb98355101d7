"""Weights of SAM 3 come from a folder or from what was fetched before; nothing else is run, and
nothing is fetched."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from spoilt_checkpoints import Hostile, configured, cut_short, name_nothing, without
from tiny_sam3 import save_tiny_sam3

from teachloop.labeler.finders.sam3.weights import (
    DETECTOR,
    SAM3,
    TOKENIZER,
    check_weights,
    find_weights,
    load_sam3,
)
from teachloop.labeler.methods import Methods
from teachloop.labeler.models.checkpoint import TENSORS, NoWeights, UnusableWeights

HUB_ID = "somebody/sam3-of-theirs"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_sam3(tmp_path_factory.mktemp("published"))


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy, to be spoilt."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name_nothing(monkeypatch, tmp_path / "hub", SAM3.variable)


def refused(folder: Path, words: str) -> None:
    with pytest.raises(UnusableWeights, match=words) as told:
        check_weights(str(folder))
    assert "\n" not in str(told.value)


def test_where_there_are_none_it_is_said_what_to_do() -> None:
    with pytest.raises(NoWeights, match="No weights of SAM 3 are named") as told:
        find_weights()
    for words in ("facebook/sam3", "agreed to their licence", "TEACHLOOP_SAM3", "labeler.json"):
        assert words in str(told.value)
    with pytest.raises(NoWeights, match="There is no folder /nowhere/at/all"):
        find_weights("/nowhere/at/all")
    with pytest.raises(NoWeights, match=f"`hf download {HUB_ID}`"):
        find_weights(HUB_ID)


def test_the_environment_names_them_where_nothing_else_does(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not Methods().finders["sam3"].offered
    monkeypatch.setenv(SAM3.variable, str(published))
    assert Methods().finders["sam3"].offered
    assert find_weights().path == published / TENSORS


def test_a_checkpoint_of_videos_holds_one_of_images(folder: Path) -> None:
    """As it is published: a detector, and a tracker beside it."""
    told, held = json.loads((folder / "config.json").read_text()), load_file(folder / TENSORS)
    within = {"model_type": "sam3_video", "detector_config": told, "tracker_config": {}}
    (folder / "config.json").write_text(json.dumps(within))
    beside = {"tracker_model.memory.weight": torch.zeros(3)}
    save_file({f"{DETECTOR}{name}": each for name, each in held.items()} | beside, folder / TENSORS)
    model = load_sam3(find_weights(str(folder))).model
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor.cpu(), held[name])


def test_pickles_are_not_read(folder: Path, tmp_path: Path) -> None:
    hostile = pickle.dumps({"state": Hostile(tmp_path / "ran")})
    (folder / "sam3.pt").write_bytes(hostile)
    (folder / TENSORS).unlink()
    refused(folder, "it has no model.safetensors; pickles, which can hold code, are not read")
    (folder / TENSORS).write_bytes(hostile)
    refused(folder, "it cannot be read")
    with pytest.raises(UnusableWeights, match="it is a file, and not a folder"):
        find_weights(str(folder / "sam3.pt"))
    assert not (tmp_path / "ran").exists()


def with_other_words(folder: Path) -> None:
    told = json.loads((folder / "config.json").read_text())
    told["text_config"]["vocab_size"] = 10
    (folder / "config.json").write_text(json.dumps(told))
    held, name = load_file(folder / TENSORS), "text_encoder.text_model.embeddings"
    place = f"{name}.token_embedding.weight"
    save_file(held | {place: held[place][:10].clone()}, folder / TENSORS)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut_short, "it cannot be read"),
        (without("text_projection.bias"), "text_projection.bias is missing .* that Sam3Model has"),
        (configured(model_type="sam2"), "its config.json is that of 'sam2'"),
        (configured(model_type="sam3_video"), "its config.json is that of 'sam3_video'"),
        (configured(mask_decoder_config="none"), "its config.json: "),
        (lambda folder: (folder / "config.json").unlink(), "its config.json cannot be read"),
        (lambda folder: (folder / TOKENIZER).unlink(), "it has no tokenizer.json"),
        (lambda folder: (folder / TOKENIZER).write_text("{"), "its tokenizer.json cannot be read"),
        (with_other_words, "its tokenizer.json knows other words than its model"),
    ],
)
def test_a_checkpoint_that_is_none_is_said_in_a_sentence(
    folder: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    refused(folder, words)
