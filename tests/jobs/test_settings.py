"""What a posted job may ask for."""

from pathlib import Path
from typing import Any

import pytest

from teachloop.app.processes.job import installed_kinds, run
from teachloop.jobs.folder import submit
from teachloop.jobs.settings import BadSettings, settings
from teachloop.runtime.ids import BadName
from teachloop.training.evaluation.evaluation import CompareConfig, EvaluateConfig
from teachloop.training.grounded.finetune import FinetuneConfig
from teachloop.training.openvla.recipe import Recipe


def test_lists_are_read_as_tuples_and_the_rest_has_its_defaults(tmp_path: Path) -> None:
    job = submit(tmp_path, "finetune", {"takes": ["a", "b"], "rollouts": 3})
    assert settings(FinetuneConfig, job) == FinetuneConfig(takes=("a", "b"), rollouts=3)


@pytest.mark.parametrize(
    ("config", "given", "said"),
    [
        (EvaluateConfig, {"rollouts": -1}, "rollouts is -1; it must be from 0 to 10000"),
        (EvaluateConfig, {"rollouts": "many"}, "rollouts: .* valid integer, not 'many'"),
        (EvaluateConfig, {"processes": 0}, "processes is 0; it must be from 1 to 64"),
        (EvaluateConfig, {"verb": "throw"}, "verb: .*'push', not 'throw'"),
        (EvaluateConfig, {"rollout_count": 3}, "there is no 'rollout_count'"),
        (CompareConfig, {"adapter": []}, r"adapter: .* valid string, not \[\]"),
        (FinetuneConfig, {"takes": ["a"], "rollouts": -5}, "rollouts is -5"),
        (FinetuneConfig, {"takes": "abc"}, "takes: .*, not 'abc'"),
        (FinetuneConfig, {}, "takes: Field required"),
        (FinetuneConfig, {"takes": ["a"], "lora_rank": 10**9}, "lora_rank is 1000000000"),
        (FinetuneConfig, {"takes": ["a"], "seed": -1}, "seed is -1; it must be 0 or more"),
        (Recipe, {"takes": ["a"], "base": "b", "rate": -1}, "rate is -1"),
        (Recipe, {"takes": ["a"], "base": "b", "grounding": -1.5}, "grounding is -1.5"),
        (
            Recipe,
            {"takes": ["a"], "base": "b", "batch": 0},
            "batch is 0; it must be from 1 to 4096",
        ),
    ],
)
def test_settings_that_no_job_has_are_refused_in_words(
    tmp_path: Path, config: type[Any], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadSettings, match=said):
        settings(config, submit(tmp_path, "evaluate", given))


@pytest.mark.parametrize("take", ["../../demo/takes/a", "/a", "..", "", "a/b", ".a"])
@pytest.mark.parametrize("config", [FinetuneConfig, Recipe])
def test_the_id_of_a_take_is_no_path(tmp_path: Path, config: type[Any], take: str) -> None:
    with pytest.raises(BadName):
        settings(config, submit(tmp_path, "finetune", {"takes": ["a", take], "base": "b"}))


def test_nothing_is_trained_for_a_number_of_rollouts_that_there_is_not(tmp_path: Path) -> None:
    job = submit(tmp_path, "finetune", {"takes": ["a"], "rollouts": -5})
    assert not run(job, installed_kinds)
    assert "it must be from 0 to 10000" in job.status.message
