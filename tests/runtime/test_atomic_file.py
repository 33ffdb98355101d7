"""A file is replaced whole or not at all."""

import stat
import threading
from pathlib import Path

import pytest

from teachloop.runtime.atomic_file import (
    PRIVATE,
    begun,
    growing,
    new_folder,
    replacing,
    write_whole,
)


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "a.json"
    for content in (b"before", b"after"):
        write_whole(path, content, durable=durable)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_replacement_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    write_whole(path, b"before")
    with pytest.raises(FileNotFoundError), replacing(path) as partial:
        partial.with_name("nowhere").read_bytes()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_is_nobody_else_s_to_read(tmp_path: Path) -> None:
    write_whole(tmp_path / "key", b"secret", mode=PRIVATE)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_writers_at_once_never_mix_their_contents(tmp_path: Path) -> None:
    path = tmp_path / "shared"
    contents = [bytes([letter]) * 100_000 for letter in b"abcd"]

    def write(content: bytes) -> None:
        for _ in range(20):
            write_whole(path, content)
            assert path.read_bytes() in contents

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_appears_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "models" / "new"
    with new_folder(path) as partial:
        (partial / "weights").write_bytes(b"1")
        assert not path.exists()
    assert (path / "weights").read_bytes() == b"1"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_was_not_finished_never_appears(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "new") as partial:
        partial.joinpath("weights").replace(partial / "nowhere" / "weights")
    assert list(tmp_path.iterdir()) == []


def test_what_comes_in_several_goes_appears_with_the_last(tmp_path: Path) -> None:
    path = tmp_path / "weights"

    def cut_off(partial: Path) -> None:
        partial.write_bytes(b"first, ")
        raise ConnectionError

    with pytest.raises(ConnectionError), growing(path) as partial:
        cut_off(partial)
    assert (path.exists(), begun(path).read_bytes()) == (False, b"first, ")
    with growing(path) as partial, partial.open("ab") as file:
        file.write(b"then the rest")
    assert path.read_bytes() == b"first, then the rest"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_comes_in_several_goes_as_well(tmp_path: Path) -> None:
    path = tmp_path / "model"
    for name in ("config.json", "weights"):
        begun(path).mkdir(exist_ok=True)
        (begun(path) / name).write_text(name)
    with growing(path):
        assert not path.exists()
    assert {each.name for each in path.iterdir()} == {"config.json", "weights"}
    assert not begun(path).exists()
