import multiprocessing
import os
from pathlib import Path

import pytest
import torch
from tiny_openvla import write_checkpoint

from teachloop.app.job_kinds import KINDS, BadSettings, evaluate
from teachloop.app.trials import Layouts, Subject, TrialsDied, run_trials
from teachloop.training.base import save_base
from teachloop.training.base_names import UnknownBase
from teachloop.training.config import PolicyConfig
from teachloop.training.jobs import JobCancelled, submit
from teachloop.training.policy import GroundedPolicy


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    save_base(GroundedPolicy(PolicyConfig()), folder)
    return str(folder)


def test_an_evaluation_goes_on_where_it_was_stopped(tmp_path: Path, untrained: str) -> None:
    config = {"base": untrained, "rollouts": 2, "seed": 70, "processes": 1, "verb": "stack"}
    job = submit(tmp_path, "evaluate", config)
    job.append_metrics(seed=70, instruction="", success=True, ticks=9, reason="")
    result = evaluate(job)
    assert [trial["seed"] for trial in result["trials"]] == [70, 71]
    assert (result["success"], result["rollouts"]) == (0.5, 2), "an untrained policy stacked"
    assert len(job.metrics()) == 2
    assert job.status.message == "1 of 2 succeeded"


def test_every_rollout_is_repeatable(untrained: str) -> None:
    layouts = Layouts(verb="stack", split="novel", first_seed=5, count=1)
    first, second = (
        list(run_trials(Subject(base=untrained), layouts, layouts.seeds, 1)) for _ in range(2)
    )
    assert first == second


def test_settings_that_no_evaluation_has_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="rollout_count"):
        evaluate(submit(tmp_path, "evaluate", {"rollout_count": 3}))


def test_a_killed_worker_is_told_in_words(untrained: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layouts = Layouts(verb="push", split="novel", first_seed=5, count=1)
    monkeypatch.setattr("teachloop.app.trials._try", os._exit)
    with pytest.raises(TrialsDied):
        list(run_trials(Subject(base=untrained), layouts, [9], 1))


def test_a_cancelled_evaluation_leaves_no_process(untrained: str) -> None:
    def cancel() -> None:
        raise JobCancelled("enough")

    layouts = Layouts(verb="push", split="novel", first_seed=5, count=9)
    trials = run_trials(Subject(base=untrained), layouts, layouts.seeds, 2, cancel)
    with pytest.raises(JobCancelled):
        next(trials)
    assert multiprocessing.active_children() == []


def test_a_policy_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    layouts = Layouts(verb="push", split="novel", first_seed=5, count=1)
    with pytest.raises(UnknownBase, match="nowhere"):
        list(run_trials(Subject(base=str(tmp_path / "nowhere")), layouts, [5], 1))


def test_an_openvla_is_tried_like_any_policy(tmp_path: Path) -> None:
    base = write_checkpoint(tmp_path / "openvla", tokenizer=True)
    config = {"base": str(base), "rollouts": 2, "seed": 70, "verb": "stack"}
    result = evaluate(submit(tmp_path, "evaluate", config))
    assert [trial["seed"] for trial in result["trials"]] == [70, 71]
    assert result["success"] == 0.0, "random weights stacked"
    assert all(trial["ticks"] > 100 for trial in result["trials"]), "until the time was up"


def test_both_kinds_of_job_are_known() -> None:
    assert set(KINDS) >= {"finetune", "evaluate"}
