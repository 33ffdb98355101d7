"""What checks the JavaScript of the pages."""

import json
import re
import sys
from pathlib import Path

import pytest

from teachloop.app.cli import page_checks

ROOT = Path(__file__).parents[3]


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment with nothing in it, on a machine without a network."""
    monkeypatch.setattr(page_checks, "INSTALLED", tmp_path / "javascript")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    return tmp_path / "javascript"


def test_without_a_network_it_is_said_and_tried_again_later(unreachable: Path) -> None:
    for _ in range(2):
        with pytest.raises(page_checks.NoPageTools, match="cannot be installed"):
            page_checks.page_checks()


@pytest.mark.parametrize(("said", "expected"), [("true", True), ("", False)])
def test_a_builder_may_leave_nothing_out(
    monkeypatch: pytest.MonkeyPatch, said: str, expected: bool
) -> None:
    monkeypatch.setenv("CI", said)
    assert page_checks.must_run() is expected


def test_the_list_pins_what_is_asked_for_and_names_no_host() -> None:
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    text = (ROOT / "package-lock.json").read_text("utf-8")
    locked = json.loads(text)["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert all(package["integrity"] for place, package in locked.items() if place)
    assert not re.search(r"https?:", text)
    assert Path(sys.prefix) in page_checks.INSTALLED.parents, "of this environment, not of the tree"
