"""Addresses, hosts, origins, passwords and their sessions."""

import stat
import time
from pathlib import Path

import pytest

from teachloop.runtime.access import SESSION_S, Access, AddressRefused, session_key


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "robot.example"])
def test_other_addresses_are_refused_without_a_password(host: str) -> None:
    with pytest.raises(AddressRefused, match="password"):
        Access(host=host)
    assert Access(host=host, password="secret").host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.3.2.1"])
def test_own_addresses_need_no_password(host: str) -> None:
    assert Access(host=host).password is None


@pytest.mark.parametrize("header", ["127.0.0.1:7860", "localhost", "[::1]:7860", "LOCALHOST:1"])
def test_own_hosts_are_known(header: str) -> None:
    assert Access().knows_host(header)


@pytest.mark.parametrize(
    "header", ["evil.example", "127.0.0.1.evil.example", "", "192.168.1.5", "[", "a@b"]
)
def test_foreign_hosts_are_not_known_on_loopback(header: str) -> None:
    assert not Access().knows_host(header)


def test_a_public_server_goes_by_its_addresses_but_by_no_rebound_name() -> None:
    access = Access(host="0.0.0.0", password="secret")
    assert access.knows_host("192.168.1.5:7860")
    assert not access.knows_host("evil.example:7860")


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://127.0.0.1:7860", "127.0.0.1:7860", True),
        ("https://robot", "robot", True),
        ("https://robot:443", "robot", True),
        ("http://127.0.0.1:7861", "127.0.0.1:7860", False),
        ("http://localhost:7860", "127.0.0.1:7860", False),
        ("https://robot.evil.example", "robot", False),
        ("null", "127.0.0.1:7860", False),
        ("", "127.0.0.1:7860", False),
        ("file://", "", False),
        ("http://[", "127.0.0.1:7860", False),
        ("http://[zz]", "127.0.0.1:7860", False),
        ("http://\u2100.example", "127.0.0.1:7860", False),
    ],
)
def test_only_our_own_pages_have_our_origin(origin: str, host: str, same: bool) -> None:
    assert Access().same_origin(origin, host) is same


def test_a_session_is_valid_until_it_is_changed() -> None:
    access = Access(password="secret")
    cookie = access.issue_session()
    assert access.valid_session(cookie)
    expires, signature = cookie.split(".")
    assert not access.valid_session(f"{int(expires) + 1}.{signature}")
    other = "1" if signature.endswith("0") else "0"
    assert not access.valid_session(f"{expires}.{signature[:-1]}{other}")
    assert not access.valid_session("")
    assert not access.valid_session("1.é")


def test_a_session_ends_after_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access(password="secret")
    cookie, now = access.issue_session(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + SESSION_S + 2)
    assert not access.valid_session(cookie)


def test_a_changed_password_ends_all_sessions() -> None:
    before = Access(password="secret", key=b"k" * 32)
    after = Access(password="other", key=b"k" * 32)
    assert not after.valid_session(before.issue_session())


def test_the_key_outlives_a_restart_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = session_key(data)
    assert len(key) == 32
    assert session_key(data) == key
    assert stat.S_IMODE((data / "session.key").stat().st_mode) == 0o600
