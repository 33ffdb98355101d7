"""Pages for everybody: axe-core finds nothing."""

from typing import Any

import pytest

from teachloop.app.cli import page_checks

TABS = ["record", "label", "finetune", "rollout", "data", "setup"]
AXE = "node_modules/axe-core/axe.min.js"
FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .flatMap(({id, help, nodes}) => nodes.map(({html}) => `${id}: ${help}: ${html.slice(0, 160)}`))"""


@pytest.fixture(scope="module")
def server(filled_server: Any) -> Any:
    return filled_server


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, of the tools that check the pages."""
    try:
        page_checks.install()
    except page_checks.NoPageTools as error:
        if page_checks.must_run():
            raise
        pytest.skip(f"axe-core is not installed. {error}")
    return (page_checks.INSTALLED / AXE).read_text("utf-8")


def complaints(window: Any, axe: str) -> list[str]:
    window.page.evaluate(axe)
    return window.page.evaluate(FOUND)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(new_window: Any, axe: str, colours: str) -> None:
    window = new_window(color_scheme=colours)
    window.phase("Hz")
    found: dict[str, list[str]] = {}
    for tab in TABS:
        window.tab(tab)
        window.page.wait_for_timeout(800)
        found[tab] = complaints(window, axe)
    window.page.keyboard.press("?")
    window.page.wait_for_selector(".tl-dialog[open]")
    found["keys"] = complaints(window, axe)
    window.page.keyboard.press("Escape")
    window.tab("record")
    window.enabled(".tl-record .try")
    window.page.keyboard.press("m")
    window.page.wait_for_selector(".tl-dialog .trying")
    found["try"] = complaints(window, axe)
    assert {name: some for name, some in found.items() if some} == {}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_where_weights_are_refused(
    new_window: Any, axe: str, colours: str
) -> None:
    window = new_window(color_scheme=colours)
    window.tab("setup")
    row = window.page.locator(".tl-setup .models li[data-model=segment-anything]")
    row.get_by_role("button", name="Use a file…").click()
    row.get_by_label("File, folder or hub id").fill("/nowhere/sam.pth")
    row.get_by_role("button", name="Use", exact=True).click()
    row.locator(".problem:not(:empty)").wait_for()
    assert complaints(window, axe) == []
