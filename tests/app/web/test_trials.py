"""Studies as pages plan, see and export them."""

import csv
import io
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from teachloop.app.web.application import Site, build
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access
from teachloop.training.adapters.card import AdapterCard, write_card
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.trials.store import StudyStore
from teachloop.training.trials.study import Verdict

HOME = "http://127.0.0.1:7860"
ADAPTER = "20270303-000000-abcd"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    folder = tmp_path / "adapters" / ADAPTER
    folder.mkdir(parents=True)
    card = AdapterCard(name="secret", base=DEFAULT, base_sha256="", takes=(), statistics={})
    write_card(folder, card)
    site = Site(tmp_path, Access(), StationProcess(tmp_path))
    return TestClient(build(site), base_url=HOME, raise_server_exceptions=False)


def wish(**changes: object) -> dict[str, object]:
    scenes = {"count": 2, "verb": "push", "split": "novel", "first_seed": 1_000_000}
    policies = [{"adapter": ADAPTER}, {"base": DEFAULT}]
    return {"name": "both", "policies": policies, "scenes": scenes, "seed": 4, **changes}


def test_a_study_is_planned_and_says_no_names(client: TestClient) -> None:
    study = client.post("/api/trials", json=wish()).json()
    assert (study["planned"], study["judged"], study["revealed"]) == (4, 0, False)
    assert [scene["seed"] for scene in study["scenes"]] == [1_000_000, 1_000_001]
    assert all(scene["instruction"] for scene in study["scenes"])
    assert "secret" in study["compared"]
    assert [each["adapter"] for each in study["policies"]] == ["", ""]
    (row,) = client.get("/api/trials").json()["studies"]
    assert (row["id"], row["planned"]) == (study["id"], 4)
    again = client.post("/api/trials", json=wish()).json()
    assert again["due"] == study["due"]


def test_it_is_paused_gone_on_with_and_told(client: TestClient) -> None:
    path = f"/api/trials/{client.post('/api/trials', json=wish()).json()['id']}"
    assert client.post(f"{path}/pause").json()["paused"]
    assert not client.post(f"{path}/resume").json()["paused"]
    told = client.post(f"{path}/reveal").json()
    assert sorted(each["adapter"] for each in told["policies"]) == ["", ADAPTER]
    assert told["early"]["judged"] == 0


def test_exports_are_files_with_what_was_judged(client: TestClient, tmp_path: Path) -> None:
    study_id = client.post("/api/trials", json=wish()).json()["id"]
    store = StudyStore(tmp_path)
    store.change(study_id, lambda s: s.begun("20270101-000000-0000", 1.0))
    store.change(study_id, lambda s: s.judged_as(0, Verdict(score=0.5)))
    table = client.get(f"/api/trials/{study_id}/export.csv")
    assert f'filename="trials-{study_id}.csv"' in table.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert (row["score"], row["success"], row["name"]) == ("0.5", "0", "")
    whole = client.get(f"/api/trials/{study_id}/export.json").json()
    assert whole["attempts"][0]["score"] == 0.5
    assert "secret" not in [each["name"] for each in whole["policies"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policies": []}, "policies must have at least 1 items"),
        ({"policies": [{"base": DEFAULT}] * 2}, "compared with itself"),
        ({"policies": [{"base": "no-such"}]}, "no policy 'no-such'"),
        ({"policies": [{"adapter": "20270303-000000-9999"}]}, "No adapter"),
        ({"scenes": {"count": 0}}, "scenes.count must be a whole number from 1 to 500"),
        ({"scenes": {"count": 3}}, "Write an instruction"),
        ({"scenes": {"takes": ["20270101-000000-0000"]}}, "take"),
        ({"rounds": 99}, "rounds must be a whole number from 1 to 50"),
    ],
)
def test_a_mistake_is_told_and_leaves_nothing(
    client: TestClient, changes: dict[str, object], words: str
) -> None:
    answer = client.post("/api/trials", json=wish(**changes))
    assert answer.status_code in (400, 404, 422)
    assert words in answer.json()["error"]
    assert client.get("/api/trials").json()["studies"] == []


def test_a_damaged_study_hides_no_other(client: TestClient, tmp_path: Path) -> None:
    study_id = client.post("/api/trials", json=wish()).json()["id"]
    (tmp_path / "trials" / "20270101-000000-0000-dead.json").write_text("{")
    found = client.get("/api/trials").json()
    assert [row["id"] for row in found["studies"]] == [study_id]
    assert [row["id"] for row in found["damaged"]] == ["20270101-000000-0000-dead"]
    assert client.get("/api/trials/20270101-000000-9999").status_code == 404
