"""Stages are data: checked before anything starts, and run as they say."""

from pathlib import Path

import pytest
import torch
from drawn_takes import draw_take
from pydantic import ValidationError

from teachloop.app.processes.job_kinds import KINDS
from teachloop.jobs.folder import submit
from teachloop.jobs.kinds import BadSettings
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.stages import PRESETS, Stage

MASKS_ALONE = {
    "name": "masks",
    "trains": ["grounding"],
    "data": "frames",
    "objectives": {"grounding": 0.5},
    "ends": {"steps": 3},
    "batch": 8,
    "rate": 1e-3,
}


def asked(**changes: object) -> dict:
    """A fine-tuning by one stage of its own."""
    return {"takes": ["one"], "preset": "custom", "stages": [MASKS_ALONE | changes]}


def test_every_preset_is_stages() -> None:
    for stages in PRESETS.values():
        assert [stage.model_validate(stage.model_dump()) for stage in stages] == list(stages)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"objectives": {"cloning": 1.0}}, "no objective cloning on frames; there are grounding"),
        ({"objectives": {"beauty": 1.0}}, "no objective beauty"),
        ({"objectives": {"grounding": 0.0}}, "grounding"),
        ({"objectives": {}}, "objectives"),
        ({"trains": ["head"]}, "head cannot be trained on frames"),
        ({"trains": ["tail"]}, "trains"),
        ({"data": "dreams"}, "data"),
        ({"ends": {"steps": 0}}, "steps"),
        ({"ends": {"epochs": 1}}, "epochs"),
        ({"batch": 1.5}, "batch"),
        ({"rate": 2.0}, "rate"),
        ({"name": ""}, "name"),
    ],
)
def test_a_stage_that_cannot_be_is_refused_before_there_is_a_job(
    changes: dict[str, object], told: str
) -> None:
    with pytest.raises(BadSettings, match=told):
        KINDS["finetune"].read(asked(**changes))


def test_stages_go_with_the_custom_preset_alone() -> None:
    with pytest.raises(BadSettings, match="go with preset"):
        KINDS["finetune"].read(asked() | {"preset": "quick"})
    with pytest.raises(BadSettings, match="go with preset"):
        KINDS["finetune"].read({"takes": ["one"], "preset": "custom"})


def test_two_stages_of_one_name_are_refused() -> None:
    stage = Stage.model_validate_json(PRESETS["tiny"][0].model_dump_json())
    with pytest.raises(ValidationError, match="names of their own"):
        FinetuneConfig(takes=("one",), preset="custom", stages=(stage, stage))


def test_a_stage_trains_the_parts_that_it_names_by_the_objectives_that_it_names(
    tiny_base: Path, tmp_path: Path
) -> None:
    take = draw_take(tmp_path / "data", "one")
    config = KINDS["finetune"].read(asked() | {"takes": [take], "base": str(tiny_base)})
    assert isinstance(config, FinetuneConfig)
    job = submit(tmp_path / "data", "finetune", config)
    tuned = load_policy(str(tiny_base), finetune(config, job)).state_dict()
    before = load_base(str(tiny_base)).state_dict()
    changed = {name for name in before if not torch.equal(before[name], tuned[name])}
    assert {name.partition(".")[0] for name in changed} == {"grounding"}
    steps = [row for row in job.metrics() if "step" in row]
    assert [row.get("grounding") is not None for row in steps] == [True] * 3
    assert not any("contrast" in row for row in job.metrics())


def test_the_losses_of_the_other_kind_train_the_same_parts(tiny_base: Path, tmp_path: Path) -> None:
    take = draw_take(tmp_path / "data", "one")
    look = {"trains": ["grounding", "contrast"], "objectives": {"grounding_mse": 1, "triplet": 1}}
    act = {"name": "act", "trains": ["head"], "data": "features", "objectives": {"cloning_l2": 1}}
    stages = [MASKS_ALONE | look, MASKS_ALONE | act]
    asked_for = asked() | {"takes": [take], "base": str(tiny_base), "stages": stages}
    config = KINDS["finetune"].read(asked_for)
    assert isinstance(config, FinetuneConfig)
    job = submit(tmp_path / "data", "finetune", config)
    tuned = load_policy(str(tiny_base), finetune(config, job)).state_dict()
    before = load_base(str(tiny_base)).state_dict()
    changed = {name.partition(".")[0] for name in before if (before[name] != tuned[name]).any()}
    assert changed >= {"grounding", "head"}
    assert "encoder" not in changed
    told = [{*row} & {"grounding_mse", "triplet", "cloning_l2"} for row in job.metrics()]
    told = [each for each in told if each]
    assert told[:3] == 3 * [{"grounding_mse", "triplet"}]
    assert {*map(frozenset, told[3:])} == {frozenset({"cloning_l2"})}
