"""Data on Hugging Face's hub, by the hub's own library: a repository is made, what is sent is one
commit with its manifest, and comes back as it was."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import Hub, hub_server

from teachloop.datasets.remote.manifest import MANIFEST

FILES = {
    "README.md": b"---\ntags:\n- teachloop\n---\n# cubes\n",
    "data/one.bin": b"1" * 5000,
    "data/deep/two three.bin": b"2" * 9,
    "data/large.bin": b"3" * (3 << 20),
}
PLACE = "datasets/you/cubes"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_server() as hub:
        yield hub


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in FILES.items():
        (tmp_path / "set" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / path).write_bytes(content)
    return tmp_path / "set"


def teachloop(hub: Hub, *words: object) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the hub's library looks once at where the hub is."""
    return subprocess.run(
        [sys.executable, "-m", "teachloop.app.cli", *map(str, words)],
        env={**os.environ, "HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_nobody", "HF_HUB_OFFLINE": "0"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_repository_is_made_and_all_is_sent_in_few_commits(hub: Hub, folder: Path) -> None:
    done = teachloop(hub, "push", folder, f"hf://{PLACE}")
    assert done.returncode == 0, done.stderr
    repository = hub.repositories[PLACE]
    assert repository.private
    assert {path: repository.files[path] for path in FILES} == FILES
    assert [sorted(each) for each in repository.commits] == [
        [MANIFEST],
        sorted([*FILES, MANIFEST]),
    ]


def test_what_was_sent_comes_back(hub: Hub, folder: Path, tmp_path: Path) -> None:
    assert teachloop(hub, "push", folder, f"hf://{PLACE}/spring").returncode == 0
    done = teachloop(hub, "pull", f"hf://{PLACE}/spring", tmp_path / "back")
    assert done.returncode == 0, done.stderr
    back = {path: (tmp_path / "back" / path).read_bytes() for path in FILES}
    assert back == FILES


def test_what_changed_is_sent_and_what_is_gone_goes_in_one_commit(hub: Hub, folder: Path) -> None:
    assert teachloop(hub, "push", folder, f"hf://{PLACE}").returncode == 0
    (folder / "data" / "one.bin").write_bytes(b"another")
    (folder / "data" / "deep" / "two three.bin").unlink()
    done = teachloop(hub, "push", folder, f"hf://{PLACE}")
    assert "1 file sent, 2 there already" in done.stdout, done.stderr
    repository = hub.repositories[PLACE]
    assert sorted(repository.files) == ["README.md", "data/large.bin", "data/one.bin", MANIFEST]
    assert sorted(repository.commits[-1]) == [
        "data/deep/two three.bin",
        "data/one.bin",
        MANIFEST,
    ]


def test_a_hub_that_refuses_is_told_and_the_command_goes_on_later(hub: Hub, folder: Path) -> None:
    hub.refuses = True
    done = teachloop(hub, "push", folder, f"hf://{PLACE}")
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
    hub.refuses = False
    assert teachloop(hub, "push", folder, f"hf://{PLACE}").returncode == 0
    assert {path: hub.repositories[PLACE].files[path] for path in FILES} == FILES
