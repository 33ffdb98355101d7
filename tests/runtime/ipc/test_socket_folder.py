"""Sockets have short paths, whatever temporary folders and people's names are like."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from teachloop.runtime.ipc.socket_folder import LONGEST, file_name, socket_folder

LONG_NAME = "camera-" + "x" * 200
KILLED = """
import os, signal
from teachloop.runtime.ipc.socket_folder import socket_folder
with socket_folder("labeler-") as folder:
    print(folder, flush=True)
    (folder / "socket").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def long_path(tmp_path: Path) -> Path:
    path = tmp_path / ("long" * 30)
    path.mkdir()
    return path


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where such folders are, with a path that is short enough."""
    with tempfile.TemporaryDirectory(dir="/tmp") as path:
        monkeypatch.setenv("XDG_RUNTIME_DIR", path)
        yield Path(path)


@pytest.mark.parametrize("variable", ["TMPDIR", "XDG_RUNTIME_DIR"])
def test_a_long_temporary_folder_is_not_taken(
    variable: str, long_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv(variable, str(long_path))
    with socket_folder() as folder:
        assert len(os.fsencode(folder.parent)) <= LONGEST
        assert not folder.is_relative_to(long_path)


def test_it_is_for_this_user_alone_and_gone_at_the_end() -> None:
    with socket_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_the_longest_names_in_the_longest_folder_make_a_socket(tmp_path: Path) -> None:
    above = Path("/tmp", "d" * (LONGEST - len("/tmp/")))
    above.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, zmq.Context() as context:
        patch.setenv("XDG_RUNTIME_DIR", str(above))
        with socket_folder() as folder, context.socket(zmq.PAIR) as socket:
            assert folder.parent == above
            for name in (LONG_NAME, "x" * 20):
                socket.bind(f"ipc://{folder}/{file_name(name)}999")
    above.rmdir()


def test_names_stay_as_they_are_where_they_can_and_never_meet() -> None:
    assert file_name("camera-front") == "camera-front"
    others = [LONG_NAME, LONG_NAME + "y", "../robot", "Kamera übersicht", "", "."]
    made = {file_name(name) for name in others}
    assert len(made) == len(others)
    assert all("/" not in name and name.strip(".") for name in made)


def test_what_a_killed_process_left_the_next_one_removes(runtime: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    left = Path(killed.stdout.strip())
    assert left.parent == runtime
    assert (left / "socket").exists()
    with socket_folder() as used:
        assert list(runtime.iterdir()) == [used]
        with socket_folder() as another:
            assert {*runtime.iterdir()} == {used, another}, "neither takes the other's"


def test_a_folder_that_nothing_of_ours_made_stays(runtime: Path) -> None:
    (runtime / "teachloop-notes").mkdir()
    with socket_folder():
        pass
    assert (runtime / "teachloop-notes").exists()
