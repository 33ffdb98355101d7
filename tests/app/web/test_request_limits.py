"""A request that would fill the memory is refused in words, before a route reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from teachloop.app.web.application import Site, build
from teachloop.app.web.request_limits import MOST_BYTES
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    data: Path = tmp_path_factory.mktemp("data")
    site = Site(data, Access(), StationProcess(data))
    return TestClient(build(site), base_url="http://127.0.0.1:7860")


def pieces(size: int) -> Iterator[bytes]:
    """Without saying how many there will be."""
    for _ in range(size >> 16):
        yield b" " * (1 << 16)


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "in pieces"])
@pytest.mark.parametrize("path", ["/api/tasks", "/api/jobs", "/api/takes/one/bin"])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, path: str, chunked: bool) -> None:
    size = 2 * MOST_BYTES
    answer = client.post(path, content=pieces(size) if chunked else b" " * size)
    assert answer.status_code == 413
    assert "more than 4 MiB" in answer.json()["error"]


def test_what_a_page_says_is_read_whole_also_in_pieces(client: TestClient) -> None:
    said = '{"instruction": "pick up the 赤い立方体"}'.encode()
    content = (said[place : place + 3] for place in range(0, len(said), 3))
    headers = {"content-type": "application/json"}
    answer = client.post("/api/tasks", content=content, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["tasks"][-1]["instruction"] == "pick up the 赤い立方体"


def test_a_page_is_still_served(client: TestClient) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/api/takes").json() == {"takes": []}


@pytest.mark.parametrize(
    "address",
    [
        "/api/takes?author=%ff",
        "/?%e9-og%e6",
        f"/static/{'x' * 300}",
        f"/modules/1/{'赤' * 90}.js",
        f"/api/takes/{'x' * 5000}",
    ],
    ids=lambda address: address[:20],
)
def test_an_address_that_can_name_nothing_is_refused(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "of that address" in answer.json()["error"]


def test_an_author_of_too_many_characters_is_refused_with_the_field(client: TestClient) -> None:
    answer = client.get("/api/labels/one", params={"author": "x" * 2000})
    assert (answer.status_code, answer.json()["field"]) == (422, "author")
