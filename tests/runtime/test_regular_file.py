"""Reading what should be a file."""

import os
from pathlib import Path

import pytest

from teachloop.runtime.json_file import BrokenJson, read_json
from teachloop.runtime.regular_file import (
    open_lock,
    open_regular,
    open_to_append,
    read_bytes,
    read_text,
    require_regular,
)


def test_a_file_is_read_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("grün", "utf-8")
    (tmp_path / "link").symlink_to("file")
    assert read_bytes(tmp_path / "link") == "grün".encode()
    assert read_text(tmp_path / "file") == "grün"
    require_regular(tmp_path / "link")


def test_lines_end_as_in_every_text_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"1 %\r2 %\r\ndone\n\xff")
    assert read_text(tmp_path / "log", errors="replace") == "1 %\n2 %\ndone\n\ufffd"
    with pytest.raises(UnicodeDecodeError):
        read_text(tmp_path / "log")


def no_file(path: Path) -> Path:
    """What its name says; with any other name nothing."""
    if path.name == "pipe":
        os.mkfifo(path)
    elif path.name == "device":
        path.symlink_to("/dev/zero")
    elif path.name == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize("how", ["pipe", "device", "folder", "nothing"])
def test_what_is_none_is_refused_at_once(tmp_path: Path, how: str) -> None:
    path = no_file(tmp_path / how)
    before = len(os.listdir("/proc/self/fd"))
    for read in (read_bytes, read_text, require_regular, open_regular):
        with pytest.raises(OSError, match=r"no file|Is a directory|No such file"):
            read(path)
    with pytest.raises(BrokenJson):
        read_json(path)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("how", ["pipe", "device", "folder"])
def test_nothing_is_written_to_what_is_no_file(tmp_path: Path, how: str) -> None:
    path = no_file(tmp_path / how)
    for opened in (open_to_append, open_lock):
        with pytest.raises(OSError, match=r"no file|Is a directory"):
            opened(path)


def test_what_is_added_comes_after_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for line in (b"one\n", b"two\n"):
        with open_to_append(path) as file:
            file.write(line)
            assert file.tell() == len(path.read_bytes()) + len(line)
    with open_lock(path) as lock:
        assert lock.read() == "one\ntwo\n"
    assert read_bytes(path) == b"one\ntwo\n"


def test_no_other_program_inherits_it(tmp_path: Path) -> None:
    descriptor = open_regular(tmp_path / "new", os.O_RDWR | os.O_CREAT)
    assert not os.get_inheritable(descriptor)
    os.close(descriptor)
