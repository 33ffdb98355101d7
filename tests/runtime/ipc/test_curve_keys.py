"""Who gets in is a matter of files: what is in them, and who may read them."""

import stat
from pathlib import Path

import pytest

from teachloop.runtime.ipc.curve_keys import (
    BadKey,
    KeyReadable,
    NotKnown,
    key_of,
    known_keys,
    own_key,
    public_file,
    trust,
)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    key = own_key(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys" / "own.json").stat().st_mode) == 0o600
    assert own_key(tmp_path / "keys") == key


def test_what_is_copied_holds_no_secret(tmp_path: Path) -> None:
    key = own_key(tmp_path)
    copied = public_file(tmp_path, key).read_text()
    assert key.public in copied
    assert key.secret not in copied
    assert key.secret not in repr(key)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    own_key(tmp_path)
    (tmp_path / "own.json").chmod(0o640)
    with pytest.raises(KeyReadable, match="chmod 600"):
        own_key(tmp_path)


def test_a_copied_key_is_known_and_found_as_the_only_one(tmp_path: Path) -> None:
    other = own_key(tmp_path / "other")
    trust(tmp_path / "keys", public_file(tmp_path / "other", other))
    assert [key.public for key in known_keys(tmp_path / "keys")] == [other.public]
    assert key_of(tmp_path / "keys", "192.0.2.7").public == other.public


def test_an_unknown_machine_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotKnown, match=r"Which key has robot-pc.*--trust FILE"):
        key_of(tmp_path, "robot-pc")


@pytest.mark.parametrize("content", ["", "{}", "ssh-ed25519 AAAA", '{"name": "..", "public": "x"}'])
def test_what_is_no_public_key_is_not_trusted(tmp_path: Path, content: str) -> None:
    file = tmp_path / "copied"
    file.write_text(content)
    with pytest.raises(BadKey, match="name, public"):
        trust(tmp_path / "keys", file)
    assert known_keys(tmp_path / "keys") == []


def test_a_secret_key_is_not_taken_for_a_public_one(tmp_path: Path) -> None:
    own_key(tmp_path / "other")
    with pytest.raises(BadKey):
        trust(tmp_path / "keys", tmp_path / "other" / "own.json")
