"""A file comes whole from a server that this test starts, however often it is cut off."""

import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from file_server import FileServer

from teachloop.labeler.models import http_file
from teachloop.labeler.models.errors import (
    AnotherFile,
    Busy,
    CutOff,
    Refused,
    Unreachable,
    WrongHash,
)
from teachloop.labeler.models.http_file import CHUNK, Digest, RemoteFile, fetch_file

CONTENT = os.urandom(3 << 20)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """It has one file; nobody waits long for it."""
    monkeypatch.setattr(http_file, "WAIT_S", 0.01)
    server = FileServer()
    server.files["/weights.pth"] = CONTENT
    with server.running():
        yield server


@pytest.fixture
def file(server: FileServer) -> RemoteFile:
    return remote(f"{server.url}/weights.pth")


def remote(url: str, content: bytes = CONTENT) -> RemoteFile:
    digest = Digest(kind="sha256", digits=hashlib.sha256(content).hexdigest())
    return RemoteFile(name="weights.pth", url=url, size=len(content), digest=digest)


def fetch(file: RemoteFile, path: Path) -> list[int]:
    """How many bytes were there, each time that it was told."""
    told: list[int] = []
    fetch_file(file, path, told.append)
    return told


def test_it_comes_whole_and_tells_how_much_is_there(file: RemoteFile, tmp_path: Path) -> None:
    told = fetch(file, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT
    assert told == sorted(told)
    assert (told[0], told[-1]) == (CHUNK, len(CONTENT))


def test_cut_off_it_goes_on_where_it_was(
    server: FileServer, file: RemoteFile, tmp_path: Path
) -> None:
    server.cuts = [16 * CHUNK, 8 * CHUNK]
    told = fetch(file, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT
    ranges = ["", f"bytes={16 * CHUNK}-", f"bytes={24 * CHUNK}-"]
    assert [wanted for _, wanted in server.asked] == ranges
    assert told == sorted(told)


def test_what_an_earlier_call_left_is_not_asked_for_again(
    server: FileServer, file: RemoteFile, tmp_path: Path
) -> None:
    (tmp_path / "part").write_bytes(CONTENT[:2_000_000])
    fetch(file, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT
    assert [wanted for _, wanted in server.asked] == ["bytes=2000000-"]
    fetch(file, tmp_path / "part")
    assert len(server.asked) == 1, "all of it was there"


def test_a_server_without_ranges_begins_anew(
    server: FileServer, file: RemoteFile, tmp_path: Path
) -> None:
    server.knows_ranges = False
    (tmp_path / "part").write_bytes(b"something else")
    fetch(file, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT


@pytest.mark.parametrize("sizes", [True, False])
def test_cut_off_for_good_it_keeps_what_came(
    server: FileServer, file: RemoteFile, tmp_path: Path, sizes: bool
) -> None:
    server.says_sizes = sizes
    server.cuts = [24 * CHUNK, 0, 0, 0]
    with pytest.raises(CutOff, match=r"after 2 MB of 3 MB.*goes on from there"):
        fetch(file, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT[: 24 * CHUNK]
    assert len(server.asked) == 1 + http_file.TRIES


def test_other_bytes_are_thrown_away(server: FileServer, file: RemoteFile, tmp_path: Path) -> None:
    server.files["/weights.pth"] = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    with pytest.raises(WrongHash, match=r"its hash is another.*thrown away"):
        fetch(file, tmp_path / "part")
    assert not (tmp_path / "part").exists()


def test_a_longer_file_of_a_server_that_says_no_size_ends(
    server: FileServer, file: RemoteFile, tmp_path: Path
) -> None:
    server.says_sizes = False
    server.files["/weights.pth"] = CONTENT * 4
    with pytest.raises(WrongHash):
        fetch(file, tmp_path / "part")
    assert not (tmp_path / "part").exists()


def test_a_page_instead_of_weights_is_said_before_it_is_kept(
    server: FileServer, file: RemoteFile, tmp_path: Path
) -> None:
    server.files["/weights.pth"] = b"<html>Please log in</html>"
    server.kinds["/weights.pth"] = "text/html; charset=utf-8"
    with pytest.raises(AnotherFile, match="26 bytes of text/html instead of 3 MB"):
        fetch(file, tmp_path / "part")


def test_what_is_not_there_is_said(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="answers 404: it is not there"):
        fetch(remote(f"{server.url}/gone.pth"), tmp_path / "part")
    assert len(server.asked) == 1, "to ask again would not help"


def test_a_busy_server_is_asked_again(server: FileServer, file: RemoteFile, tmp_path: Path) -> None:
    server.statuses = [503, 429]
    fetch(file, tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT
    (tmp_path / "part").unlink()
    server.statuses = [503] * http_file.TRIES
    with pytest.raises(Busy, match=r"503.*Try again later"):
        fetch(file, tmp_path / "part")


def test_where_nobody_answers_that_is_said(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    (tmp_path / "part").write_bytes(CONTENT[:10])
    with pytest.raises(Unreachable, match=r"there is no network, or no way to it.*by hand"):
        fetch(remote(f"{nobody}/weights.pth"), tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == CONTENT[:10]
    monkeypatch.setenv("HTTP_PROXY", nobody)
    with pytest.raises(Unreachable, match="proxy"):
        fetch(remote("http://weights.example/weights.pth"), tmp_path / "part")


def test_a_silent_server_is_given_up(
    server: FileServer, file: RemoteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_file, "SILENT_S", 0.1)
    server.chunk_s = 0.5
    with pytest.raises(CutOff):
        fetch(file, tmp_path / "part")
