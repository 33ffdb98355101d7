"""Files from memory: what is answered, how, and what goes on to the routes."""

import re
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from teachloop.app.web.held_files import FileSet, HeldFiles

NO_WORDS = {"accept-encoding": "identity"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.css").write_text("a { color: red }", "utf-8")
    (tmp_path / "two.css").write_text("b { color: blue }", "utf-8")
    (tmp_path / "page.js").write_text("export const word = 'wörter'; " * 100, "utf-8")
    (tmp_path / "hidden.js").write_text("secret", "utf-8")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    files = {
        "a/page.js": [folder / "page.js"],
        "both.css": [folder / "one.css", folder / "two.css"],
    }
    routes = PlainTextResponse("a route's")
    return TestClient(HeldFiles(routes, [FileSet(re.compile(r"/pages/\w+/"), files)]))


def test_a_file_is_answered_whole_with_its_kind_and_may_be_kept(
    client: TestClient, folder: Path
) -> None:
    answer = client.get("/pages/v1/a/page.js", headers=NO_WORDS)
    assert answer.content == (folder / "page.js").read_bytes()
    assert answer.headers["content-type"].split(";")[0].endswith("/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_several_files_are_one_in_their_order(client: TestClient) -> None:
    answer = client.get("/pages/v1/both.css")
    assert answer.text == "a { color: red }\nb { color: blue }"
    assert answer.headers["content-type"].startswith("text/css")


def test_who_takes_it_compressed_gets_it_so(client: TestClient, folder: Path) -> None:
    plain = client.get("/pages/v1/a/page.js", headers=NO_WORDS)
    packed = client.get("/pages/v1/a/page.js", headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < len(plain.content) / 5


def test_a_file_is_read_once(client: TestClient, folder: Path) -> None:
    before = client.get("/pages/v1/a/page.js").text
    (folder / "page.js").unlink()
    assert client.get("/pages/v2/a/page.js").text == before


@pytest.mark.parametrize(
    "path",
    ["/pages/v1/hidden.js", "/pages/v1/a/../hidden.js", "/pages/v1/", "/a/page.js", "/other"],
)
def test_all_else_goes_on(client: TestClient, path: str) -> None:
    assert client.get(path).text == "a route's"


def test_nothing_is_changed_there(client: TestClient) -> None:
    assert client.post("/pages/v1/a/page.js").text == "a route's"
