"""What a browser gets of the folder of the pages."""

import re
from collections.abc import Callable

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from teachloop.app.pages.frame import BAR, TABS
from teachloop.app.pages.modules import ADDRESS, head, modules, preloads
from teachloop.app.pages.shell import PAGES, Shell
from teachloop.app.web.held_files import FileSet, HeldFiles

SHELLS = [BAR, *(shell for _, shell in TABS)]


@pytest.fixture
def client() -> TestClient:
    elsewhere = PlainTextResponse("", 404)
    return TestClient(HeldFiles(elsewhere, [FileSet(ADDRESS, modules())]))


@pytest.mark.parametrize("named_by", [head, preloads])
def test_everything_that_the_page_names_is_served_and_may_be_kept(
    client: TestClient, named_by: Callable[[], str]
) -> None:
    named = re.findall(r'(?:href|src)="([^"]+)"', named_by())
    assert len(named) > 1
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


def test_the_one_sheet_holds_every_style(client: TestClient) -> None:
    sheet = client.get("/modules/1/sheet.css").text
    for path in PAGES.rglob("*.css"):
        assert path.read_text("utf-8") in sheet


@pytest.mark.parametrize("path", ["shell.py", "record/page.html", "record", "../web/server.py"])
def test_nothing_but_scripts_and_styles_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/modules/1/{path}").status_code == 404


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_a_page_holds_nothing_that_gradio_would_evaluate(shell: Shell) -> None:
    assert not re.search(r"\$\{|\{\{|`", shell.template)


@pytest.mark.parametrize("name", ["record", "rollout"])
def test_what_pages_share_is_in_each_of_them(name: str) -> None:
    template = Shell(name).template
    assert "<!--" not in template
    for shared in ("cameras", "health", "hint"):
        assert template.count(f'class="{shared}"') == 1


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_a_page_has_its_module(shell: Shell) -> None:
    assert "export function mount(" in (PAGES / shell.name / "page.js").read_text("utf-8")
