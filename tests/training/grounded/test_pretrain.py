"""A base is made, whole, of very little; and made again where it was stopped."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from teachloop.training.grounded import base
from teachloop.training.grounded.pretrain import pretrain
from teachloop.training.grounded.pretrain_config import PretrainConfig
from teachloop.training.policies.registry import open_policy

Told = list[tuple[str, float, Mapping[str, float]]]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> PretrainConfig:
    return PretrainConfig(
        out=tmp_path_factory.mktemp("base"), stills=4, episodes=2, stride=60, perceive_steps=3,
        perceive_batch=4, clone_steps=2, clone_batch=8, views=1, workers=1, seed=3,
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(config: PretrainConfig) -> Told:
    told: Told = []
    assert pretrain(config, lambda *said: told.append(said)) == config.out
    return told


def test_every_stage_tells_how_far_it_is(told: Told) -> None:
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["render", "perceive", "script", "encode", "clone"]
    assert all(0 <= share <= 1 for _, share, _ in told)
    losses = next(figures for stage, _, figures in told if stage == "perceive")
    assert {"grounding", "contrast"} <= set(losses)


def test_what_was_made_acts(told: Told, config: PretrainConfig) -> None:
    agent = open_policy(str(config.out), None)("push the blob to the left")
    assert set(agent.cameras) == {"front", "wrist"}


def test_a_run_that_was_stopped_gives_the_same(
    told: Told, config: PretrainConfig, tmp_path: Path
) -> None:
    """Before its episodes, with the block of stills that had been made."""
    folder = tmp_path / "again"
    folder.mkdir()
    (folder / "stills").symlink_to(config.out / "stills")

    class Stopped(Exception):
        pass

    def stop(stage: str, share: float, figures: Mapping[str, float]) -> None:
        if stage == "script":
            raise Stopped

    again = replace(config, out=folder)
    with pytest.raises(Stopped):
        pretrain(again, stop)
    later: Told = []
    pretrain(again, lambda *said: later.append(said))
    assert "perceive" not in {stage for stage, _, _ in later}, "it was done"
    first, second = (base.load_base(str(each)).state_dict() for each in (config.out, folder))
    for name, tensor in first.items():
        torch.testing.assert_close(second[name], tensor, msg=name)
