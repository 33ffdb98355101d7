"""Routes of weights: what there is, what may be named, forgotten and thrown away."""

import json
from pathlib import Path
from typing import Any

import pytest
from made_up_methods import SIZED
from starlette.testclient import TestClient

from teachloop.app.web.application import Site, build
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access

HOME = "http://127.0.0.1:7860"
PUBLISHED = {
    "method": "sized",
    "about": "seven",
    "size": 1,
    "url": "http://weights.invalid/seven.txt",
    "sha256": "0" * 64,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Weights that were fetched, and are named."""
    fetched = tmp_path / "models" / "seven.txt"
    fetched.parent.mkdir()
    fetched.write_text("7")
    weights = {"sized": str(fetched), "segment-anything": "/models/sam.pth"}
    settings = {"segmenters": {"sized": SIZED}, "weights": weights, "published": [PUBLISHED]}
    (tmp_path / "labeler.json").write_text(json.dumps(settings))
    return tmp_path


@pytest.fixture
def client(data: Path) -> TestClient:
    """Of a server whose labeler has not been started."""
    return TestClient(build(Site(data, Access(), StationProcess(data))), base_url=HOME)


def by_name(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of the list."""
    return {each["name"]: each for each in answer["methods"]}


def test_each_method_is_listed_with_its_weights(client: TestClient, data: Path) -> None:
    answer = client.get("/api/models").json()
    rows = by_name(answer)
    assert list(rows) == [
        *("classical", "segment-anything", "sam2", "sized", "sam3"),
        *("templates", "language-model"),
    ]
    assert rows["segment-anything"]["weights"] == "/models/sam.pth"
    assert rows["segment-anything"]["size"] == 0, "there is no such file"
    (seven,) = rows["sized"]["published"]
    assert (seven["name"], seven["here"], seven["whole"]) == ("seven.txt", 1, True)
    assert (answer["folder"], answer["settings"]) == (
        str(data / "models"),
        str(data / "labeler.json"),
    )


def test_a_choice_is_forgotten_and_the_file_stays(client: TestClient, data: Path) -> None:
    answer = client.delete("/api/models/methods/sized").json()
    weights = {name: row["weights"] for name, row in by_name(answer).items()}
    assert (weights["segment-anything"], weights["sized"]) == ("/models/sam.pth", "")
    assert (data / "models" / "seven.txt").exists()


def test_what_was_fetched_is_thrown_away_with_the_choice(client: TestClient, data: Path) -> None:
    answer = client.delete("/api/models/fetched/seven.txt").json()
    sized = by_name(answer)["sized"]
    (seven,) = sized["published"]
    assert (sized["weights"], seven["here"], seven["whole"]) == ("", 0, False)
    assert list((data / "models").iterdir()) == []


def test_no_other_file_is_thrown_away(client: TestClient, data: Path) -> None:
    for name in ("..%2Flabeler.json", "labeler.json", "seven"):
        answer = client.delete(f"/api/models/fetched/{name}")
        assert answer.status_code in (400, 404)
    assert (data / "labeler.json").exists()
    assert (data / "models" / "seven.txt").exists()


def test_without_a_labeler_nothing_is_named(client: TestClient, data: Path) -> None:
    before = (data / "labeler.json").read_text()
    answer = client.put("/api/models/methods/sized", json={"weights": str(data / "models")})
    assert answer.status_code == 400
    assert answer.json()["error"] == "The labeler is not running yet."
    assert (data / "labeler.json").read_text() == before


@pytest.mark.parametrize("wrong", ["", "  ", "x" * 2000, 7])
def test_what_is_no_place_is_refused_with_the_field(client: TestClient, wrong: object) -> None:
    answer = client.put("/api/models/methods/sized", json={"weights": wrong})
    assert (answer.status_code, answer.json()["field"]) == (422, "weights")


def test_settings_that_are_none_are_said(client: TestClient, data: Path) -> None:
    (data / "labeler.json").write_text('{"segmentors": {}}')
    answer = client.get("/api/models")
    assert answer.status_code == 400
    assert "labeler.json is not as it should be: segmentors" in answer.json()["error"]
