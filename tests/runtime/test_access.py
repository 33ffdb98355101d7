"""Addresses, hosts, origins and passwords."""

import socket
import stat
from pathlib import Path

import pytest

from teachloop.runtime.access import (
    Access,
    AddressRefused,
    NameRefused,
    PasswordsUnclear,
    Role,
    session_key,
)


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


@pytest.mark.parametrize("domain", ["", ".local", ".lab.example.org", ".lab.example.org."])
def test_a_public_server_goes_by_its_own_name_in_any_domain(
    domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for own in ("robot-pc", "robot-pc.factory"):
        monkeypatch.setattr(socket, "gethostname", lambda own=own: own)
        access = Access(host="0.0.0.0", password="secret")
        assert access.knows_host(f"Robot-PC{domain}:7860")
        assert not access.knows_host(f"robot-pc-2{domain}:7860")
        assert not Access().knows_host(f"robot-pc{domain}:7860")


def test_further_names_are_known_also_behind_a_proxy_on_this_machine() -> None:
    access = Access(names=("Robot.Lab.example",), password="secret")
    assert access.knows_host("robot.lab.example")
    assert not access.knows_host("lab.example")
    with pytest.raises(NameRefused, match="password"):
        Access(names=("robot.lab.example",))


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


def test_each_password_lets_in_by_its_role() -> None:
    access = Access(password="all", label_password="masks", look_password="eyes")
    assert access.role_of("all") is Role.DRIVE
    assert access.role_of("masks") is Role.LABEL
    assert access.role_of("eyes") is Role.LOOK
    assert access.role_of("") is None
    assert access.role_of("al") is None


def test_an_empty_password_of_a_role_lets_nobody_in() -> None:
    assert Access(password="all", label_password="").role_of("") is None


@pytest.mark.parametrize(
    ("drive", "label", "look"),
    [
        (None, None, "eyes"),
        (None, "masks", None),
        ("same", None, "same"),
        ("all", "same", "same"),
    ],
)
def test_passwords_that_do_not_say_who_is_who_are_refused(
    drive: str | None, label: str | None, look: str | None
) -> None:
    with pytest.raises(PasswordsUnclear, match="password"):
        Access(password=drive, label_password=label, look_password=look)


def test_no_password_is_shown_with_the_rules() -> None:
    access = Access(password="pw-all", label_password="pw-masks", look_password="pw-eyes")
    assert "pw-" not in repr(access)


def test_the_key_outlives_a_restart_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = session_key(data)
    assert len(key) == 32
    assert session_key(data) == key
    assert stat.S_IMODE((data / "session.key").stat().st_mode) == 0o600
