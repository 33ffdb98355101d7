import json
from pathlib import Path

import pytest

from teachloop.app.demo.plan import Accuracy, AnotherDemo, NotEmpty, Plan, open_plan
from teachloop.app.demo.report import Report
from teachloop.jobs.status import JobStatus
from teachloop.runtime.json_file import BrokenJson
from teachloop.training.evaluation.results import Evaluation


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(out=tmp_path / "demo", episodes=2, rollouts=5, seed=11, base="some-base")


def test_a_stopped_demo_goes_on_with_what_it_has(plan: Plan) -> None:
    begun = open_plan(plan)
    begun.takes[begun.first_seed] = "20261122-154312-0007"
    begun.labels["20261122-154312-0007"] = Accuracy(labeled_frames=7, ious=(0.5, 1.0))
    begun.jobs["before"] = "20261122-154300-evaluate-00ff"
    begun.save()
    assert open_plan(plan.model_copy(update={"takes": {}, "labels": {}, "jobs": {}})) == begun


@pytest.mark.parametrize("change", [{"seed": 12}, {"episodes": 3}, {"base": "another"}])
def test_another_demo_in_the_same_folder_is_refused(plan: Plan, change: dict[str, int]) -> None:
    open_plan(plan)
    with pytest.raises(AnotherDemo, match="--out"):
        open_plan(plan.model_copy(update=change))


def test_a_folder_with_something_else_in_it_is_left_alone(plan: Plan) -> None:
    plan.out.mkdir()
    (plan.out / "thesis.tex").write_text("do not touch")
    with pytest.raises(NotEmpty):
        open_plan(plan)
    assert [path.name for path in plan.out.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("text", ["{}", "[", '{"takes": [], "labels": {}, "jobs": {}}'])
def test_a_damaged_plan_is_told_in_words(plan: Plan, text: str) -> None:
    plan.out.mkdir()
    (plan.out / "demo.json").write_text(text)
    with pytest.raises(BrokenJson, match=r"demo\.json"):
        open_plan(plan)


@pytest.mark.parametrize(
    "damage",
    [
        {"takes": {"x": "take"}},
        {"labels": {"take": 5}},
        {"labels": {"take": {"labeled_frames": 1}}},
        {"jobs": {"before": 5}},
        {"jobs": {"before": "../elsewhere"}},
    ],
)
def test_a_plan_with_something_odd_in_it_is_told_in_words(
    plan: Plan, damage: dict[str, object]
) -> None:
    open_plan(plan)
    path = plan.out / "demo.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | damage))
    with pytest.raises(BrokenJson, match=r"demo\.json"):
        open_plan(plan)


@pytest.mark.parametrize("seed", [0, 1, 11, 12345])
def test_no_layout_is_both_recorded_and_evaluated_on(plan: Plan, seed: int) -> None:
    mine, next_one = (plan.model_copy(update={"seed": each}) for each in (seed, seed + 1))
    tried = range(mine.first_seed, mine.first_seed + 3 * 1000)  # three layouts for each take
    unseen = range(mine.first_unseen, mine.first_unseen + 1000)
    assert not set(tried) & set(unseen)
    assert unseen.stop <= next_one.first_seed


def evaluated(success: float) -> Evaluation:
    return Evaluation(success=success, rollouts=5, low=0.0, high=1.0, trials=())


def test_the_json_line_has_exactly_the_promised_keys(plan: Plan) -> None:
    plan.takes = {1: "a", 2: "b"}
    plan.labels = {
        "a": Accuracy(labeled_frames=10, ious=(1.0, 0.5)),
        "b": Accuracy(labeled_frames=20, ious=(0.0,)),
    }
    tuned = JobStatus(state="done", started=100.0, updated=250.0)
    report = Report(
        plan=plan,
        before=evaluated(0.0),
        finetune_s=tuned.worked_s,
        adapter="pusher",
        after=evaluated(0.8),
    )
    assert report.figures().model_dump() == {
        "episodes": 2,
        "labeled_frames": 30,
        "mean_iou": 0.5,
        "finetune_s": 150.0,
        "success_before": 0.0,
        "success_after": 0.8,
        "rollouts": 5,
        "take_dir": str(plan.out / "takes"),
        "adapter_dir": str(plan.out / "adapters" / "pusher"),
    }
