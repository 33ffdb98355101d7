"""A family of policies is added by one file and one line, and goes through every door."""

from pathlib import Path

import pytest
from made_up_policy import StillConfig

from teachloop.app.processes.job_kinds import KINDS
from teachloop.jobs.folder import submit
from teachloop.jobs.kinds import BadSettings
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.evaluation.layouts import SceneSet
from teachloop.training.evaluation.rollout_pool import roll_out_in_simulation
from teachloop.training.finetuning import finetune
from teachloop.training.policies.base_list import add_base, choices
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.policies.registry import (
    FAMILIES,
    absolute_name,
    family_of,
    find_family,
    open_policy,
)

SIDE = ("side",)  # a camera that the shipped bases do not look through


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(FAMILIES, "still", "made_up_policy")
    folder = tmp_path / "bases" / "still"
    folder.mkdir(parents=True)
    (folder / "still.txt").write_text("20")
    return folder


def test_a_made_up_base_is_listed_and_remembered(base: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    add_base(data, str(base))
    found = choices(data)[-1]
    assert (found.family, found.label, found.trains) == ("still", "still", "one number")
    assert absolute_name(str(base)) == str(base)


def test_a_made_up_base_acts_and_is_rolled_out(base: Path) -> None:
    agent_for = open_policy(str(base))
    with World(sample_scene(1), SIDE) as world:
        seen = world.observe()
    assert agent_for("wait").act(seen).ee_pose[2, 3] == pytest.approx(seen.ee_pose[2, 3] + 0.02)
    layouts = SceneSet(verb="push", split="novel", first_seed=1, count=1)
    assert not roll_out_in_simulation(layouts, 1, agent_for).success


def test_a_made_up_base_learns_an_adapter_by_the_same_job(base: Path, tmp_path: Path) -> None:
    asked = {"takes": [], "base": str(base), "height_mm": 30}
    config = KINDS["finetune"].read(asked)
    assert isinstance(config, StillConfig)
    job = submit(tmp_path / "data", "finetune", config)
    result = finetune(job, config)
    agent = open_policy(str(base), Path(result.folder))("wait")
    with World(sample_scene(1), SIDE) as world:
        seen = world.observe()
    assert agent.act(seen).ee_pose[2, 3] == pytest.approx(seen.ee_pose[2, 3] + 0.03)


def test_its_own_settings_are_checked_before_there_is_a_job(base: Path) -> None:
    with pytest.raises(BadSettings, match="height_mm"):
        KINDS["finetune"].read({"takes": [], "base": str(base), "height_mm": "high"})


def test_shipped_bases_are_grounded_and_what_nobody_knows_is_left_to_their_family() -> None:
    assert family_of(DEFAULT).name == "grounded"
    assert find_family("nowhere") is None
    assert family_of("nowhere").name == "grounded"
