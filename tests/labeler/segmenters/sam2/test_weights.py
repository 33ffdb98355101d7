"""Weights of SAM 2 come from a folder or from what was fetched before; nothing else is run, and
nothing is fetched."""

import json
import os
import pickle
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_sam2 import save_tiny_sam2
from transformers import Sam2Config, Sam2Model, Sam2VideoConfig, Sam2VideoModel

from teachloop.labeler.segmenters.checkpoint import TENSORS, NoWeights, UnusableWeights
from teachloop.labeler.segmenters.sam2.weights import VARIABLE, find_weights, load

MISFIT = "mask_decoder.iou_token.weight is missing or of another size, one of 1 of .* Sam2Model has"
HUB_ID = "somebody/sam2-of-theirs"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_sam2(tmp_path_factory.mktemp("published"))


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy, to be spoilt."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was asked"))


def load_images(folder: Path) -> Any:
    return load(find_weights(str(folder)), Sam2Config, Sam2Model)


def refused(folder: Path, words: str) -> None:
    with pytest.raises(UnusableWeights, match=words) as told:
        load_images(folder)
    assert "\n" not in str(told.value)


def test_weights_are_those_of_the_file(published: Path) -> None:
    model = load_images(published)
    held = load_file(published / TENSORS)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor.cpu(), held[name])


def test_the_environment_names_them_where_nothing_else_does(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(published))
    assert find_weights().path == published / TENSORS


def test_where_there_are_none_it_is_said_what_to_do() -> None:
    with pytest.raises(NoWeights, match="No weights of SAM 2 are named"):
        find_weights()
    with pytest.raises(NoWeights, match="There is no folder /nowhere/at/all"):
        find_weights("/nowhere/at/all")
    with pytest.raises(NoWeights, match=f"`hf download {HUB_ID}`"):
        find_weights(HUB_ID)


def test_a_hub_id_is_found_where_it_was_fetched(published: Path, tmp_path: Path) -> None:
    kept = tmp_path / "hub" / f"models--{HUB_ID.replace('/', '--')}"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0" * 40)
    shutil.copytree(published, kept / "snapshots" / ("0" * 40))
    assert find_weights(HUB_ID).path == kept / "snapshots" / ("0" * 40) / TENSORS


class Hostile:
    """Code that a pickle would run."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def test_pickles_are_not_read(folder: Path, tmp_path: Path) -> None:
    hostile = pickle.dumps({"state": Hostile(tmp_path / "ran")})
    (folder / "pytorch_model.bin").write_bytes(hostile)
    (folder / TENSORS).unlink()
    refused(folder, "it has no model.safetensors; pickles, which can hold code, are not read")
    (folder / TENSORS).write_bytes(hostile)
    refused(folder, "it cannot be read")
    with pytest.raises(UnusableWeights, match="it is a file, and not a folder"):
        find_weights(str(folder / "pytorch_model.bin"))
    assert not (tmp_path / "ran").exists()


def cut_short(folder: Path) -> None:
    whole = (folder / TENSORS).read_bytes()
    (folder / TENSORS).write_bytes(whole[: len(whole) // 2])


def without_a_tensor(folder: Path) -> None:
    held = load_file(folder / TENSORS)
    del held["mask_decoder.iou_token.weight"]
    save_file(held, folder / TENSORS)


def of_another_size(folder: Path) -> None:
    held = load_file(folder / TENSORS)
    held["mask_decoder.iou_token.weight"] = torch.zeros(1, 7)
    save_file(held, folder / TENSORS)


def configured(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        told = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(told | changes))

    return change


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut_short, "it cannot be read"),
        (without_a_tensor, MISFIT),
        (of_another_size, MISFIT),
        (configured(model_type="bert"), "its config.json is that of 'bert'"),
        (configured(model_type="edgetam_video"), "it is EdgeTAM, .* needs the packages timm"),
        (configured(mask_decoder_config="none"), "its config.json: "),
        (lambda folder: (folder / "config.json").unlink(), "its config.json cannot be read"),
    ],
)
def test_a_checkpoint_that_is_none_is_said_in_a_sentence(
    folder: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    refused(folder, words)


def test_a_configuration_names_no_code_of_the_hub(folder: Path) -> None:
    code = "somebody/their-attention"
    told = json.loads((folder / "config.json").read_text())
    for part in (told, told["vision_config"], told["mask_decoder_config"]):
        part |= {"attn_implementation": code, "_attn_implementation": code}
    (folder / "config.json").write_text(json.dumps(told))
    model = load_images(folder)
    used = {part.config._attn_implementation for part in (model, model.vision_encoder)}
    assert used == {"sdpa"}


def test_a_tensor_that_has_two_names_may_be_stored_under_one(folder: Path) -> None:
    held = load_file(folder / TENSORS)
    kept = held.pop("prompt_encoder.shared_embedding.positional_embedding")
    save_file(held, folder / TENSORS)
    shared = load_images(folder).prompt_encoder.shared_embedding.positional_embedding
    assert torch.equal(shared.cpu(), kept)


def test_a_model_of_images_alone_follows_nothing(folder: Path) -> None:
    load_images(folder).save_pretrained(folder)
    load_images(folder)
    with pytest.raises(UnusableWeights, match="that Sam2VideoModel has"):
        load(find_weights(str(folder)), Sam2VideoConfig, Sam2VideoModel)
