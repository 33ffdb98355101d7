"""What the server answers where something is missing, damaged or no name at all."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from own_loop import run_async
from starlette.testclient import TestClient

from teachloop.app.processes.job_kinds import KINDS
from teachloop.app.web.application import Site, build
from teachloop.app.web.job_feed import JobFeed, JobSummary, summarise
from teachloop.app.web.routes.tasks import list_tasks
from teachloop.app.web.station_process import StationProcess
from teachloop.datasets.tasks import add_task
from teachloop.jobs.folder import submit
from teachloop.runtime.access import Access
from teachloop.simulation.language import VERBS
from teachloop.training.adapters.card import AdapterCard, read_card, write_card
from teachloop.training.adapters.offline import OfflineEvaluation, OfflineMetrics
from teachloop.training.adapters.registry import delete_adapter, finished_path, new_adapter
from teachloop.training.evaluation.config import EvaluateConfig
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.policies.base_names import DEFAULT

HOME = "http://127.0.0.1:7860"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    (data / "takes" / "20270303-000000-0000").mkdir(parents=True)
    return data


@pytest.fixture(scope="module")
def client(data: Path) -> TestClient:
    site = Site(data, Access(), StationProcess(data))
    return TestClient(build(site), base_url=HOME, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/jobs/nope"),
        ("GET", "/api/jobs/nope/log"),
        ("GET", "/api/jobs/nope/pictures/grounding.jpg"),
        ("POST", "/api/jobs/nope/cancel"),
        ("POST", "/api/jobs/nope/resume"),
        ("GET", "/api/takes/20270303-000000-0000"),
        ("GET", "/api/takes/nope"),
        ("PATCH", "/api/adapters/20270303-000000-9999"),
        ("DELETE", "/api/adapters/20270303-000000-9999"),
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, method: str, path: str) -> None:
    content = {"name": "mine"} if method == "PATCH" else None
    answer = client.request(method, path, json=content)
    assert answer.status_code == 404
    assert "no" in answer.json()["error"].lower()


@pytest.fixture(scope="module")
def adapter(data: Path) -> Path:
    folder = data / "adapters" / "20270303-000000-abcd"
    folder.mkdir(parents=True)
    card = AdapterCard(name="mine", base=DEFAULT, base_sha256="", takes=(), statistics={})
    write_card(folder, card)
    return folder


def test_half_a_character_is_refused_and_leaves_nothing(client: TestClient, adapter: Path) -> None:
    half = {"content": b'{"name": "\\ud800", "instruction": "\\ud800"}', "headers": JSON}
    for method, path in (
        ("POST", "/api/adapters/bases"),
        ("POST", "/api/tasks"),
        ("PATCH", f"/api/adapters/{adapter.name}"),
    ):
        answer = client.request(method, path, **half)
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert [path.name for path in adapter.iterdir()] == ["adapter.json"]


def test_what_was_measured_on_recorded_ticks_is_told_of_an_adapter(
    client: TestClient, adapter: Path
) -> None:
    card = read_card(adapter)
    measured = OfflineEvaluation(
        held_out=True, takes=("one",), ticks=9, names=3,
        before=OfflineMetrics(pointing=0.25), after=OfflineMetrics(pointing=0.75),
    )  # fmt: skip
    write_card(adapter, card.model_copy(update={"offline": measured}))
    (told,) = client.get("/api/adapters").json()["adapters"]
    write_card(adapter, card)
    (without,) = client.get("/api/adapters").json()["adapters"]
    assert told["offline"]["takes"] == ["one"]
    assert told["offline"]["after"]["pointing"] == 0.75
    assert told["offline"]["after"]["iou"] is None
    assert without["offline"] is None


@pytest.mark.parametrize("config", ["null", "[]", "[" * 99999, '{"a": "\\ud800"}'])
def test_a_damaged_card_hides_no_other_adapter(
    client: TestClient, adapter: Path, config: str
) -> None:
    odd = adapter.with_name("20270303-000000-0dd0")
    odd.mkdir(exist_ok=True)
    text = (adapter / "adapter.json").read_text()
    (odd / "adapter.json").write_text(text.replace('"config": {}', f'"config": {config}'))
    answer = client.get("/api/adapters")
    assert answer.status_code == 200
    assert [row["id"] for row in answer.json()["adapters"]] == [adapter.name]
    (damaged,) = answer.json()["damaged"]
    assert (damaged["id"], "adapter.json" in damaged["reason"]) == (odd.name, True)


@pytest.mark.parametrize(
    ("method", "path", "content", "field", "words"),
    [
        ("POST", "/api/tasks", {}, "instruction", "is missing."),
        ("POST", "/api/tasks", {"instruction": 5}, "instruction", "must be text, got 5."),
        (
            "POST",
            "/api/tasks/goal",
            {"task": "pick", "goal": 0},
            "goal",
            "must be 1 or more, got 0.",
        ),
        ("POST", "/api/tasks/goal", {"goal": 5}, "task", "is missing."),
        ("POST", "/api/adapters/bases", {"name": []}, "name", "must be text, got []."),
        ("PATCH", "/api/adapters/one", {"name": None}, "name", "must be text, got None."),
        ("POST", "/api/jobs", {"kind": 7}, "kind", "must be text, got 7."),
        ("POST", "/api/takes/one/bin", {"author": 3}, "author", "must be text, got 3."),
        ("POST", "/api/takes/one/bin", [], "", "must be a map of fields, got []."),
    ],
)
def test_a_mistake_in_a_request_is_said_with_its_field_and_what_would_be_right(
    client: TestClient, method: str, path: str, content: object, field: str, words: str
) -> None:
    answer = client.request(method, path, json=content)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert f"{field} {words}".strip() in answer.json()["error"]


@pytest.mark.parametrize("name", ["http://[", "http://x:99999999/", "x" * 299])
def test_what_is_no_base_is_refused_in_words(client: TestClient, name: str) -> None:
    answer = client.post("/api/adapters/bases", json={"name": name})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_simulator_brings_its_tasks_and_people_add_theirs(tmp_path: Path) -> None:
    add_task(tmp_path, "fold the towel")
    (own,) = list_tasks(tmp_path, simulated=False)
    assert (own.name, own.instruction, own.verb) == ("fold the towel", "fold the towel", None)
    simulated = list_tasks(tmp_path, simulated=True)
    assert {task.verb for task in simulated} == {*VERBS, None}


def named(name: str) -> FinetuneConfig:
    return FinetuneConfig(takes=("a",), name=name)


@pytest.mark.parametrize(
    ("wish", "field", "said"),
    [
        ({"kind": "finetune", "config": {}}, "takes", "takes is missing"),
        ({"kind": "evaluate", "config": {"rollouts": -1}}, "rollouts", "must be 1 or more, got -1"),
        ({"kind": "compare", "config": {"adapter": "../a"}}, "adapter", "adapter"),
        ({"kind": "dance"}, "", "No job of kind 'dance'. Known: finetune, evaluate, compare"),
        ({"kind": "evaluate", "config": {"base": "\ud800"}}, "", "half a character"),
    ],
)
def test_a_job_that_cannot_be_done_is_refused_before_there_is_one(
    client: TestClient, data: Path, wish: dict[str, object], field: str, said: str
) -> None:
    before = list((data / "jobs").glob("*"))
    answer = client.post("/api/jobs", content=json.dumps(wish), headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert said in answer.json()["error"]
    assert list((data / "jobs").glob("*")) == before


BROKEN = {
    "job.json": ["{}", "hello", '{"id": "a", "kind": [], "config": {}, "created": 1}'],
    "status.json": [
        "hello",
        '{"state": "lost"}',
        '{"progress": "half"}',
        '{"progress": NaN}',
        '{"eta_s": {}}',
        '{"message": "\\ud800"}',
        "[" * 9999,
        '{"result": {"a": ' + "[" * 900 + "]" * 900 + "}}",
    ],
    "process.json": ["{}", '{"pid": -1, "created": 1}', '{"pid": "x", "created": null}'],
}


@pytest.mark.parametrize(("file", "text"), [(f, t) for f, each in BROKEN.items() for t in each])
def test_an_odd_job_is_shown_and_hides_no_other(tmp_path: Path, file: str, text: str) -> None:
    told: list[list[JobSummary]] = []
    odd, good = (submit(tmp_path, "finetune", named(name)) for name in ("odd", "good"))
    (odd.path / file).write_text(text)
    run_async(JobFeed(tmp_path, KINDS, told.append).look())
    assert {row.id for row in told[-1]} == {odd.id, good.id}
    row = next(row for row in told[-1] if row.id == odd.id)
    assert file == "process.json" or (row.state, file in row.message) == ("failed", True)


@pytest.mark.parametrize(("file", "text"), [(f, t) for f, each in BROKEN.items() for t in each])
def test_an_odd_job_is_listed_with_the_others(
    client: TestClient, data: Path, file: str, text: str
) -> None:
    odd, good = (submit(data, "finetune", named(name)) for name in ("odd", "good"))
    (odd.path / file).write_text(text)
    answer = client.get("/api/jobs")
    assert answer.status_code == 200
    assert {odd.id, good.id} <= {row["id"] for row in answer.json()["jobs"]}
    assert client.get(f"/api/jobs/{odd.id}").status_code in (200, 400)


def test_what_is_told_of_a_job_is_json_everywhere(tmp_path: Path) -> None:
    job = submit(tmp_path, "evaluate", EvaluateConfig())
    job.update(state="done", result={"success": float("nan")})
    summary = summarise(job, KINDS)
    assert summary
    assert json.dumps(summary.model_dump(mode="json"), allow_nan=False)


def test_a_job_tells_which_policy_it_is_about_and_leaves_out_what_is_long(tmp_path: Path) -> None:
    card = AdapterCard(name="mine", base=DEFAULT, base_sha256="", takes=(), statistics={})
    with new_adapter(tmp_path) as folder:
        write_card(folder, card)
    adapter = finished_path(folder).name
    config = EvaluateConfig(adapter=adapter, verb="pick")
    job = submit(tmp_path, "evaluate", config)
    job.update(state="done", result={"success": 0.8, "trials": [{"seed": 1}]})
    delete_adapter(tmp_path, adapter)
    summary = summarise(job, KINDS)
    assert summary
    assert summary.title == "Evaluate mine", "also once it is in the bin"
    assert summary.asked == {"adapter": adapter, "verb": "pick"}
    assert summary.result == {"success": 0.8}
    tuned = summarise(submit(tmp_path, "finetune", named("yours")), KINDS)
    assert tuned
    assert tuned.asked == {"name": "yours"}, "without the takes"


def test_who_was_asked_to_stop_says_so_until_it_has(tmp_path: Path) -> None:
    job = submit(tmp_path, "evaluate", EvaluateConfig())
    job.update(state="running")
    job.claim(os.getpid())
    job.cancel()
    summary = summarise(job, KINDS)
    assert summary
    assert (summary.state, summary.stopping) == ("running", True)
    job.update(state="cancelled")
    summary = summarise(job, KINDS)
    assert summary
    assert not summary.stopping


def test_a_status_of_another_version_is_understood(tmp_path: Path) -> None:
    job = submit(tmp_path, "evaluate", EvaluateConfig())
    (job.path / "status.json").write_text(json.dumps({"state": "done", "mood": "good"}))
    assert job.status.state == "done"


def test_the_feed_goes_on_whatever_one_look_meets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    async def look(feed: JobFeed) -> None:
        looks.append(1)
        raise RuntimeError("a disk that went away")

    async def twice() -> None:
        running = asyncio.create_task(JobFeed(tmp_path, KINDS, lambda rows: None).run())
        while len(looks) < 2:
            await asyncio.sleep(0.01)
        running.cancel()

    monkeypatch.setattr(JobFeed, "look", look)
    monkeypatch.setattr("teachloop.app.web.job_feed.LOOK_S", 0.01)
    run_async(twice())
    assert len(looks) == 2
