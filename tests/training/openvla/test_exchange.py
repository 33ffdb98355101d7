"""Adapters from the reference script and checkpoints for it, by way of the registry."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_takes import draw_take
from safetensors.torch import load_file, save_file
from tiny_openvla import STATISTICS, Tiny, linear_layers, write_checkpoint

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.training.adapters.registry import get_adapter
from teachloop.training.openvla.adapters import load_openvla_policy
from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.exchange import (
    NotMergeable,
    WhichStatistics,
    register_published,
    write_merged,
)
from teachloop.training.openvla.finetune import finetune
from teachloop.training.openvla.recipe import Recipe
from teachloop.training.openvla.saving import CheckpointExists
from teachloop.training.openvla.self_test import SelfTestFailed
from teachloop.training.openvla.settings import NotOpenVLA
from teachloop.training.openvla.statistics import (
    NoSuchStatistics,
    WhichRobot,
    WrongStatistics,
    find_statistics,
)
from teachloop.training.policies.registry import family_of

RANK = 4


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return write_checkpoint(tmp_path_factory.mktemp("openvla") / "base", tokenizer=True)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What the reference script leaves of a run on the tiny checkpoint."""
    folder = tmp_path / "run"
    folder.mkdir()
    torch.manual_seed(3)
    held: dict[str, torch.Tensor] = {}
    for name, shape in linear_layers(Tiny()):
        convolution = shape[2:]
        a = torch.randn(RANK, shape[1], *convolution) * 0.1
        b = torch.randn(shape[0], RANK, *[1] * len(convolution)) * 0.1
        held |= {
            f"base_model.model.{name}.lora_{side}.weight": t
            for side, t in zip("AB", (a, b), strict=True)
        }
    save_file(held, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": RANK}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    statistics = {"our_kitchen": {"action": STATISTICS, "num_trajectories": 3}}
    (folder / "dataset_statistics.json").write_text(json.dumps(statistics))
    return folder


def image() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def test_an_imported_adapter_acts_and_merged_it_acts_the_same(
    tmp_path: Path, base: Path, published: Path
) -> None:
    data = tmp_path / "data"
    folder = register_published(
        data, str(base), published, published / "dataset_statistics.json", "kitchen"
    )
    policy = load_openvla_policy(str(base), folder)
    np.testing.assert_array_equal(policy.statistics.q99, STATISTICS["q99"])
    assert policy.cropped, "the reference trains with random crops"
    write_merged(get_adapter(data, folder.name), tmp_path / "merged")
    merged = load_openvla(tmp_path / "merged")
    assert merged.dtype == torch.float32
    alone = load_openvla_policy(str(tmp_path / "merged"))
    assert alone.statistics.as_json() == policy.statistics.as_json()
    assert alone.cropped, "as with the adapter"
    pixels, ids = merged.image_processor([image()]), torch.tensor([merged.prompt_ids("push it")])
    with torch.no_grad():
        one, other = (m(pixels, ids, torch.ones_like(ids)).logits for m in (merged, policy.model))
    torch.testing.assert_close(one, other, atol=1e-4, rtol=0)
    with torch.no_grad():
        plain = load_openvla(base)(pixels, ids, torch.ones_like(ids)).logits
    assert (plain - other).abs().max() > 0.1, "the adapter does something"
    with pytest.raises(CheckpointExists):
        write_merged(get_adapter(data, folder.name), tmp_path / "merged")


def robots(**scales: float) -> dict[str, object]:
    """Statistics of several robots, each with its own scale."""
    gripper = {"mask": [True] * 6 + [False]}
    return {
        name: {"action": {"q01": [-scale] * 6 + [0], "q99": [scale] * 6 + [1], **gripper}}
        for name, scale in scales.items()
    }


def test_a_base_that_knows_several_robots_acts_by_the_one_that_is_named(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "base", tokenizer=True)
    config = json.loads((folder / "config.json").read_text())
    config["norm_stats"] = robots(bridge_orig=0.1, fractal=0.2)
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WhichRobot, match="bridge_orig, fractal"):
        load_openvla_policy(str(folder))
    policy = load_openvla_policy(f"{folder}#fractal")
    assert policy.statistics.q99[0] == 0.2
    assert not policy.cropped
    with pytest.raises(NoSuchStatistics, match="kitchen"):
        load_openvla_policy(f"{folder}#kitchen")
    assert family_of(f"{folder}#fractal").name == "openvla"
    assert family_of("openvla/openvla-7b#bridge_orig").name == "openvla"


def test_what_the_reference_script_trained_acts_by_its_own_statistics(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "base", tokenizer=True)
    path = folder / "dataset_statistics.json"
    path.write_text(json.dumps(robots(our_kitchen=0.5)))
    policy = load_openvla_policy(str(folder))
    assert policy.statistics.q99[0] == 0.5
    assert policy.cropped, "the reference trains with random crops"
    path.write_text("[")
    with pytest.raises(NotOpenVLA, match=r"dataset_statistics\.json"):
        load_openvla_policy(str(folder))


def test_an_adapter_with_which_the_model_does_not_look_is_refused(
    tmp_path: Path, base: Path, published: Path
) -> None:
    statistics = published / "dataset_statistics.json"
    folder = register_published(tmp_path, str(base), published, statistics, "kitchen")
    path = folder / "lora" / "adapter_model.safetensors"
    held = load_file(path)
    held = {k: v * float("nan") if "projector.fc3" in k else v for k, v in held.items()}
    save_file(held, path)
    with pytest.raises(SelfTestFailed, match="another image"):
        load_openvla_policy(str(base), folder)


def test_statistics_of_several_data_sets_must_be_named(
    tmp_path: Path, base: Path, published: Path
) -> None:
    path = published / "dataset_statistics.json"
    known = json.loads(path.read_text())
    path.write_text(json.dumps({**known, "another": {"action": STATISTICS}}))
    with pytest.raises(WhichStatistics, match="our_kitchen, another"):
        register_published(tmp_path / "data", str(base), published, path, "kitchen")
    folder = register_published(
        tmp_path / "data", str(base), published, path, "kitchen", of="another"
    )
    assert folder.is_dir()


@pytest.mark.parametrize("numbers", [5, 8, 14])
def test_statistics_of_another_robot_are_refused(
    tmp_path: Path, base: Path, published: Path, numbers: int
) -> None:
    action = {"q01": [-1.0] * numbers, "q99": [1.0] * numbers, "mask": [True] * numbers}
    path = published / "dataset_statistics.json"
    path.write_text(json.dumps({"aloha": {"action": action}}))
    with pytest.raises(WrongStatistics, match=f"{numbers} numbers.* has 7"):
        register_published(tmp_path / "data", str(base), published, path, "two arms")
    assert not list((tmp_path / "data").glob("adapters/*"))
    config = json.loads((base / "config.json").read_text())
    with pytest.raises(WrongStatistics):
        find_statistics({**config["norm_stats"], "aloha": {"action": action}}, "aloha")


def test_a_chunk_head_has_no_place_in_the_published_layout(tmp_path: Path, base: Path) -> None:
    data = tmp_path / "data"
    take, job = draw_take(data, "one"), submit(data, "finetune", JobConfig())
    settings = Recipe(takes=(take,), base=str(base), chunk=2, steps=1, batch=2, lora_rank=2)
    folder = finetune(settings, job)
    with pytest.raises(NotMergeable, match="chunks"):
        write_merged(get_adapter(data, folder.name), tmp_path / "merged")
