import json
import multiprocessing
import os
from pathlib import Path

import pytest
import torch
from drawn_takes import draw_take
from tiny_openvla import STATISTICS, write_checkpoint

from teachloop.jobs.folder import JobCancelled, JobFolder, submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.worker import run
from teachloop.runtime.json_file import JsonObject
from teachloop.runtime.processes.pool import WorkerDied
from teachloop.simulation.sampling import sample_scene
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.evaluation.config import UNSEEN, CompareConfig, EvaluateConfig
from teachloop.training.evaluation.evaluation import compare, evaluate
from teachloop.training.evaluation.layouts import NotSimulated, SceneSet
from teachloop.training.evaluation.rollout_pool import PolicySpec, run_trials
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.job_kinds import COMPARE, EVALUATE, FINETUNE
from teachloop.training.policies.base_names import UnknownBase

KINDS = JobKinds(FINETUNE, EVALUATE, COMPARE)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    save_base(GroundedPolicy(PolicyConfig()), folder)
    return str(folder)


def test_an_evaluation_goes_on_where_it_was_stopped(tmp_path: Path, untrained: str) -> None:
    config = EvaluateConfig(base=untrained, rollouts=2, seed=70, processes=1, verb="stack")
    job = submit(tmp_path, "evaluate", config)
    job.append_metrics(seed=70, instruction="", success=True, ticks=9, reason="")
    result = evaluate(job, config)
    assert [trial.seed for trial in result.trials] == [70, 71]
    assert (result.success, result.rollouts) == (0.5, 2), "an untrained policy stacked"
    assert len(job.metrics()) == 2
    assert job.status.message == "1 of 2 succeeded"


def test_every_rollout_is_repeatable(untrained: str) -> None:
    layouts = SceneSet(verb="stack", split="novel", first_seed=5, count=1)
    first, second = (
        list(run_trials(PolicySpec(base=untrained), layouts, layouts.seeds, 1)) for _ in range(2)
    )
    assert first == second


def test_a_killed_worker_is_told_in_words(untrained: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layouts = SceneSet(verb="push", split="novel", first_seed=5, count=1)
    monkeypatch.setattr("teachloop.training.evaluation.rollout_pool._try", os._exit)
    with pytest.raises(WorkerDied):
        list(run_trials(PolicySpec(base=untrained), layouts, [9], 1))


def test_a_cancelled_evaluation_leaves_no_process(untrained: str) -> None:
    def cancel() -> None:
        raise JobCancelled("enough")

    layouts = SceneSet(verb="push", split="novel", first_seed=5, count=9)
    trials = run_trials(PolicySpec(base=untrained), layouts, layouts.seeds, 2, cancel)
    with pytest.raises(JobCancelled):
        next(trials)
    assert multiprocessing.active_children() == []


def test_a_policy_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    layouts = SceneSet(verb="push", split="novel", first_seed=5, count=1)
    with pytest.raises(UnknownBase, match="nowhere"):
        list(run_trials(PolicySpec(base=str(tmp_path / "nowhere")), layouts, [5], 1))


def test_an_openvla_is_tried_like_any_policy(tmp_path: Path) -> None:
    base = write_checkpoint(tmp_path / "openvla", tokenizer=True)
    config = EvaluateConfig(base=str(base), rollouts=2, seed=70, verb="stack")
    result = evaluate(submit(tmp_path, "evaluate", config), config)
    assert [trial.seed for trial in result.trials] == [70, 71]
    assert result.success == 0.0, "random weights stacked"
    assert all(trial.ticks > 100 for trial in result.trials), "until the time was up"


def trained_job(data: Path, base: str, scene: str, rollouts: int, name: str = "one") -> JobFolder:
    take = draw_take(data, name, scene=scene)
    asked: JsonObject = {"takes": [take], "base": base, "preset": "tiny", "threads": 1}
    return submit(data, "finetune", FINETUNE.read({**asked, "rollouts": rollouts}))


def test_a_fine_tuning_tries_its_adapter_beside_the_base_and_the_card_keeps_both(
    tmp_path: Path, untrained: str
) -> None:
    scene = sample_scene(UNSEEN + 1, verb="stack", split="base").to_json()
    job = trained_job(tmp_path, untrained, scene, 2)
    assert run(job, KINDS), job.status.message
    (adapter,) = list_adapters(tmp_path)
    found = adapter.card.evaluation
    assert found
    assert (found.success_before, found.success_after, found.rollouts) == (0.0, 0.0, 2)
    assert found.success_replay == 0.0, "a way of 5 ticks stacked"
    assert (found.verb, found.split, found.first_seed) == ("stack", "base", UNSEEN + 2)
    assert job.status.result == {
        "adapter": adapter.id, "folder": str(adapter.path), "success_before": 0.0,
        "success_after": 0.0, "success_replay": 0.0, "rollouts": 2,
    }  # fmt: skip
    trials = [(row["policy"], row["seed"]) for row in job.metrics() if "seed" in row]
    shown = UNSEEN + 1
    policies = ("adapter", "base", "replay")
    assert sorted(trials) == [(p, s) for p in policies for s in (shown + 1, shown + 2)]


def test_a_base_of_other_robots_is_not_tried_and_the_adapter_s_score_is_kept(
    tmp_path: Path,
) -> None:
    folder = write_checkpoint(tmp_path / "openvla", tokenizer=True)
    config = json.loads((folder / "config.json").read_text())
    config["norm_stats"] = {name: {"action": STATISTICS} for name in ("bridge_orig", "fractal")}
    (folder / "config.json").write_text(json.dumps(config))
    scene = sample_scene(7, verb="stack").to_json()
    take = draw_take(tmp_path, "one", scene=scene, labeled=False)
    asked: JsonObject = {"takes": [take], "base": str(folder), "steps": 1, "batch": 2}
    asked |= {"lora_rank": 2, "rollouts": 1}
    job = submit(tmp_path, "finetune", FINETUNE.read(asked))
    assert run(job, KINDS), job.status.message
    (adapter,) = list_adapters(tmp_path)
    found = adapter.card.evaluation
    assert found
    assert (found.success_before, found.success_after) == (None, 0.0)
    assert found.success_replay is None, "nobody said where its target is"
    assert job.status.message == "0 % of 1 layouts"


def test_a_fine_tuning_that_was_stopped_while_trying_does_not_train_again(
    tmp_path: Path, untrained: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = sample_scene(7, verb="stack", split="base").to_json()
    job = trained_job(tmp_path, untrained, scene, 1)

    def cancel(*_: object, **__: object) -> None:
        raise JobCancelled("enough")

    with monkeypatch.context() as stopped:
        stopped.setattr("teachloop.training.evaluation.evaluation.run_trials", cancel)
        assert not run(job, KINDS)
    assert job.status.state == "cancelled"
    losses = len(job.metrics())
    assert run(job, KINDS), job.status.message
    assert len(list_adapters(tmp_path)) == 1
    assert len(job.metrics()) == losses + 3, "a trial of each"


def test_a_replay_has_no_other_replay_to_be_compared_with(tmp_path: Path, untrained: str) -> None:
    scene = sample_scene(7, verb="stack", split="base").to_json()
    take = draw_take(tmp_path, "one", scene=scene)
    asked: JsonObject = {"takes": [take], "base": untrained, "preset": "replay", "rollouts": 1}
    job = submit(tmp_path, "finetune", FINETUNE.read(asked))
    assert run(job, KINDS), job.status.message
    assert {row["policy"] for row in job.metrics()} == {"adapter", "base"}
    assert job.status.result["success_replay"] is None


def test_what_a_real_robot_taught_is_not_tried_in_the_simulator(
    tmp_path: Path, untrained: str
) -> None:
    job = trained_job(tmp_path, untrained, scene="", rollouts=1)
    assert not run(job, KINDS)
    assert "real robot" in job.status.message
    assert (list_adapters(tmp_path), job.metrics()) == ([], []), "nothing was trained for nothing"
    assert run(trained_job(tmp_path, untrained, scene="", rollouts=0, name="two"), KINDS)
    (adapter,) = list_adapters(tmp_path)
    config = CompareConfig(adapter=adapter.id)
    with pytest.raises(NotSimulated):
        compare(submit(tmp_path, "compare", config), config)
