"""What the pages are answered when the disk takes nothing: words and what would help, nothing
half-made, and everything again once there is room."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from teachloop.app.web.application import Site, build
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access

HOME = "http://127.0.0.1:7860"
TAKE = "20260101-000000-0000"
JOB = {"kind": "propagate", "config": {"takes": [TAKE]}}
CHANGES = [
    ("POST", "/api/tasks", {"instruction": "pick up the red cube"}),
    ("POST", "/api/tasks/goal", {"task": "pick", "goal": 50}),
    ("POST", f"/api/takes/{TAKE}/bin", {"author": "somebody"}),
    ("POST", "/api/jobs", JOB),
    ("POST", "/api/adapters/bases", {"name": "ws://gpu:8000"}),
]
READING = ["/api/takes", "/api/tasks", "/api/jobs", "/api/adapters", "/api/station"]


@pytest.fixture
def client(small_disk: Any) -> TestClient:
    """Of a server whose data folder lies on the small disk, with a folder of a take in it."""
    data = small_disk.path
    (data / "takes" / TAKE).mkdir(parents=True)
    app = build(Site(data, Access(), StationProcess(data)))
    client = TestClient(app, base_url=HOME, raise_server_exceptions=False)
    client.get("/api/takes")
    return client


def files(data: Path) -> set[str]:
    return {path.relative_to(data).as_posix() for path in data.rglob("*")}


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_on_a_full_disk_a_change_is_refused_in_words_and_leaves_nothing(
    client: TestClient, small_disk: Any, method: str, path: str, body: dict[str, Any]
) -> None:
    small_disk.fill()
    before = files(small_disk.path)
    answer = client.request(method, path, json=body)
    assert answer.status_code == 507
    assert "The disk is full" in answer.json()["error"]
    assert "Make room" in answer.json()["error"]
    new = files(small_disk.path) - before
    assert [name for name in new if "propagate" in name or name.endswith(".partial")] == []
    small_disk.make_room()
    assert client.request(method, path, json=body).status_code < 500


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_in_a_read_only_folder_a_change_is_refused_in_words(
    client: TestClient, small_disk: Any, method: str, path: str, body: dict[str, Any]
) -> None:
    small_disk.make_read_only()
    answer = client.request(method, path, json=body)
    assert answer.status_code in (400, 507)
    assert "writ" in answer.json()["error"]
    assert "Errno" not in answer.json()["error"]


@pytest.mark.parametrize("path", READING)
def test_what_is_there_can_still_be_looked_at(
    client: TestClient, small_disk: Any, path: str
) -> None:
    small_disk.fill()
    assert client.get(path).status_code == 200
    small_disk.make_room()
    small_disk.make_read_only()
    assert client.get(path).status_code == 200
