"""Weights of SAM 2 and EdgeTAM come from a folder or from what was fetched before; nothing else is
run, and nothing is fetched."""

import json
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from spoilt_checkpoints import Hostile, configured, cut_short, name_nothing, put_in_cache, without
from tiny_sam2 import KINDS, save_tiny

from teachloop.labeler.models.checkpoint import TENSORS, NoWeights, UnusableWeights
from teachloop.labeler.packages import MissingPackages
from teachloop.labeler.propagation.sam2.video import load_video_model
from teachloop.labeler.segmenters.sam2.segmenter import check_weights, load_image_model
from teachloop.labeler.segmenters.sam2.weights import VARIABLE, find_weights

MISFIT = "mask_decoder.iou_token.weight is missing or of another size, one of 1 of .* Sam2Model has"
HUB_ID = "somebody/sam2-of-theirs"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny("sam2", tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module", params=KINDS)
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of SAM 2 or EdgeTAM."""
    return save_tiny(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy, to be spoilt."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name_nothing(monkeypatch, tmp_path / "hub", VARIABLE)


def load_images(folder: Path) -> Any:
    return load_image_model(find_weights(str(folder)))


def refused(folder: Path, words: str) -> None:
    with pytest.raises(UnusableWeights, match=words) as told:
        load_images(folder)
    assert "\n" not in str(told.value)


def test_weights_are_those_of_the_file(either: Path) -> None:
    model = load_images(either)
    held = load_file(either / TENSORS)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor.cpu(), held[name])


def test_the_environment_names_them_where_nothing_else_does(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(published))
    assert find_weights().path == published / TENSORS


def test_where_there_are_none_it_is_said_what_to_do() -> None:
    with pytest.raises(NoWeights, match="No weights of SAM 2 or EdgeTAM are named"):
        find_weights()
    with pytest.raises(NoWeights, match="There is no folder /nowhere/at/all"):
        find_weights("/nowhere/at/all")
    with pytest.raises(NoWeights, match=f"`hf download {HUB_ID}`"):
        find_weights(HUB_ID)


def test_a_hub_id_is_found_where_it_was_fetched(published: Path, tmp_path: Path) -> None:
    kept = put_in_cache(tmp_path / "hub", HUB_ID, published)
    assert find_weights(HUB_ID).path == kept / TENSORS


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


def of_another_size(folder: Path) -> None:
    held = load_file(folder / TENSORS)
    held["mask_decoder.iou_token.weight"] = torch.zeros(1, 7)
    save_file(held, folder / TENSORS)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (cut_short, "it cannot be read"),
        (without("mask_decoder.iou_token.weight"), MISFIT),
        (of_another_size, MISFIT),
        (configured(model_type="bert"), "its config.json is that of 'bert'"),
        (configured(mask_decoder_config="none"), "its config.json: "),
        (configured(vision_config="none"), "its config.json names no image encoder"),
        (lambda folder: (folder / "config.json").unlink(), "its config.json cannot be read"),
    ],
)
def test_a_checkpoint_that_is_none_is_said_in_a_sentence(
    folder: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    refused(folder, words)


def with_encoder(folder: Path, **named: Any) -> Path:
    """What the configuration says of its image encoder."""
    told = json.loads((folder / "config.json").read_text())
    told["vision_config"]["backbone_config"] = named.pop("encoder")
    told["vision_config"] |= named
    (folder / "config.json").write_text(json.dumps(told))
    return folder


def by_timm(architecture: str = "repvit_m1", **arguments: Any) -> dict[str, Any]:
    return {
        "model_type": "timm_wrapper",
        "architecture": architecture,
        "num_classes": 0,
        "model_args": {"features_only": True, **arguments},
    }


@pytest.fixture
def timm_or_what_stands_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Packages of these names that say it where something of them is loaded."""
    for name in ("timm", "torchvision"):
        (tmp_path / "packages" / name).mkdir(parents=True)
        loaded = tmp_path / "packages" / name / "__init__.py"
        loaded.write_text("raise AssertionError('it was loaded')")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))


@pytest.mark.usefixtures("timm_or_what_stands_for_it")
@pytest.mark.parametrize("model_type", ["sam2_video", "edgetam", "edgetam_video"])
@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"encoder": by_timm("hf-hub:somebody/theirs")}, "'hf-hub:somebody/theirs' is none of"),
        (
            {"encoder": by_timm("local-dir:/somewhere/theirs")},
            "theirs' is none of timm's own",
        ),
        ({"encoder": by_timm("somebody/theirs")}, "'somebody/theirs' is none of timm's own"),
        ({"encoder": by_timm(checkpoint_path="theirs.pth")}, "it wants 'checkpoint_path' of its"),
        ({"encoder": by_timm(pretrained_cfg={"url": "x"})}, "it wants 'pretrained_cfg' of its"),
        ({"encoder": {"model_type": "timm_backbone"}}, "its image encoder is 'timm_backbone'"),
        ({"encoder": by_timm(), "model_type": "detr"}, "its image encoder is 'timm_wrapper'"),
        ({"encoder": None, "backbone": "somebody/theirs"}, "names no image encoder"),
    ],
)
def test_no_image_encoder_comes_from_the_hub_or_from_another_file(
    folder: Path, model_type: str, named: dict[str, Any], words: str
) -> None:
    configured(model_type=model_type)(folder)
    refused(with_encoder(folder, **named), words)


def test_without_timm_it_is_said_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teachloop.labeler.packages.find_spec", lambda name: None)
    configured(model_type="edgetam_video")(folder)
    with_encoder(folder, encoder=by_timm())
    with pytest.raises(MissingPackages, match=r"`\.venv/bin/pip install .* timm torchvision`"):
        check_weights(str(folder))
    with pytest.raises(MissingPackages):
        load_video_model(find_weights(str(folder)))


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
        load_video_model(find_weights(str(folder)))
