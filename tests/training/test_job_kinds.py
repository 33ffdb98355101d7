"""What a posted job may ask for: its mistakes are told before there is a job."""

from typing import Any

import pytest

from teachloop.jobs.kinds import BadSettings, JobKinds
from teachloop.training.evaluation.config import EvaluateConfig
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.job_kinds import COMPARE, EVALUATE, FINETUNE
from teachloop.training.openvla.recipe import Recipe

KINDS = JobKinds(FINETUNE, EVALUATE, COMPARE)
HUB = "openvla/openvla-7b"


def test_lists_are_read_as_tuples_and_the_rest_has_its_defaults() -> None:
    read = FINETUNE.read({"takes": ["a", "b"], "rollouts": 3})
    assert read == FinetuneConfig(takes=("a", "b"), rollouts=3)
    assert EVALUATE.read({}) == EvaluateConfig()


def test_the_base_decides_what_a_fine_tuning_may_ask_for() -> None:
    assert isinstance(FINETUNE.read({"takes": ["a"], "base": HUB, "batch": 4}), Recipe)
    with pytest.raises(BadSettings, match="batch is no field"):
        FINETUNE.read({"takes": ["a"], "batch": 4})


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("evaluate", {"rollouts": -1}, "rollouts must be 1 or more, got -1"),
        ("evaluate", {"rollouts": 0}, "rollouts must be 1 or more, got 0"),
        ("evaluate", {"rollouts": 10**5}, "rollouts must be 10000 or less, got 100000"),
        ("evaluate", {"rollouts": "many"}, "rollouts must be a whole number, got 'many'"),
        ("evaluate", {"processes": 0}, "processes must be 1 or more, got 0"),
        ("evaluate", {"verb": "throw"}, "verb must be 'pick', .*'turn_over', got 'throw'"),
        ("evaluate", {"rollout_count": 3}, "rollout_count is no field"),
        ("evaluate", {"adapter": "../a"}, "adapter.* is no name of a take, job or adapter"),
        ("compare", {}, "adapter is missing"),
        ("compare", {"adapter": []}, r"adapter must be text, got \[\]"),
        ("finetune", {"takes": ["a"], "rollouts": -5}, "rollouts must be 0 or more, got -5"),
        ("finetune", {"takes": "abc"}, "takes must be a list, got 'abc'"),
        ("finetune", {}, "takes is missing"),
        ("finetune", {"takes": ["a"], "lora_rank": 10**9}, "lora_rank must be 1024 or less"),
        ("finetune", {"takes": ["a"], "seed": -1}, "seed must be 0 or more, got -1"),
        ("finetune", {"takes": ["a"], "preset": "huge"}, "preset .*no preset 'huge'.*quick"),
        ("finetune", {"takes": ["a"], "base": 5}, "base must be text, got 5"),
        ("finetune", {"takes": ["a"], "base": HUB, "rate": -1}, "rate must be .*, got -1"),
        (
            "finetune",
            {"takes": ["a"], "base": HUB, "grounding": -1.5},
            "grounding must be .*, got -1.5",
        ),
        ("finetune", {"takes": ["a"], "base": HUB, "batch": 0}, "batch must be 1 or"),
        ("finetune", {"takes": ["a"], "base": HUB, "lora_rank": 0}, "lora_rank must be 1 or"),
        ("finetune", {"takes": ["a"], "base": HUB, "micro_batch": 3}, "no multiple"),
        ("finetune", {"takes": ["a"], "base": HUB, "cameras": ["a", "b"]}, "one camera"),
        ("finetune", {"takes": ["a"], "base": HUB, "preset": "slow"}, "no preset 'slow'"),
    ],
)
def test_settings_that_no_job_has_are_refused_in_words(
    kind: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadSettings, match=said):
        KINDS[kind].read(given)


@pytest.mark.parametrize("take", ["../../demo/takes/a", "/a", "..", "", "a/b", ".a"])
@pytest.mark.parametrize("base", ["panda-tabletop", HUB])
def test_the_id_of_a_take_is_no_path(base: str, take: str) -> None:
    with pytest.raises(BadSettings, match=r"takes\[1\].* is no name of a take"):
        FINETUNE.read({"takes": ["a", take], "base": base})
