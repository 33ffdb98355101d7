"""Sessions: until when, for whom, and what is no session."""

import time
from pathlib import Path

import pytest

from teachloop.app.web.sessions import SESSION_S, Sessions
from teachloop.runtime.access import Access, Role

KEY = b"k" * 32


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(Access(password="all", look_password="eyes", key=KEY))


def role_of(sessions: Sessions, cookie: str) -> Role | None:
    session = sessions.find(cookie)
    return session and session.role


@pytest.mark.parametrize("role", [Role.LOOK, Role.DRIVE])
def test_a_session_has_the_role_of_its_password(sessions: Sessions, role: Role) -> None:
    assert role_of(sessions, sessions.begin(role)) is role


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: ["DRIVE", *parts[1:]],
        lambda parts: [parts[0], str(int(parts[1]) + 1), *parts[2:]],
        lambda parts: [*parts[:2], "0", parts[3]],
        lambda parts: [*parts[:3], parts[3][:-1] + ("1" if parts[3][-1] == "0" else "0")],
        lambda parts: parts[:3],
        lambda parts: ["", *parts],
    ],
)
def test_a_session_that_was_changed_is_none(sessions: Sessions, change) -> None:
    changed = ".".join(change(sessions.begin(Role.LOOK).split(".")))
    assert role_of(sessions, changed) is None


@pytest.mark.parametrize(
    "cookie", ["", ".", "...", "1.é", "DRIVE.9.9.", "DRIVE.²9.a.b", "\udc80.1"]
)
def test_what_is_no_session_is_none(sessions: Sessions, cookie: str) -> None:
    assert sessions.find(cookie) is None
    assert sessions.marked(cookie) is None


def test_a_session_ends_after_a_week(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, now = sessions.begin(Role.DRIVE), time.time()
    monkeypatch.setattr(time, "time", lambda: now + SESSION_S + 2)
    assert role_of(sessions, cookie) is None


def test_a_changed_password_ends_the_sessions_of_its_role_alone(sessions: Sessions) -> None:
    after = Sessions(Access(password="other", look_password="eyes", key=KEY))
    assert role_of(after, sessions.begin(Role.DRIVE)) is None
    assert role_of(after, sessions.begin(Role.LOOK)) is Role.LOOK


def test_a_session_outlives_a_restart(sessions: Sessions) -> None:
    after = Sessions(Access(password="all", look_password="eyes", key=KEY))
    assert role_of(after, sessions.begin(Role.DRIVE)) is Role.DRIVE


def test_one_that_was_ended_is_over_and_others_go_on(sessions: Sessions) -> None:
    one, other = sessions.begin(Role.DRIVE), sessions.begin(Role.DRIVE)
    sessions.end(one)
    assert role_of(sessions, one) is None
    assert role_of(sessions, other) is Role.DRIVE


def test_an_ended_session_stays_over_after_a_restart(tmp_path: Path) -> None:
    access, file = Access(password="all", look_password="eyes", key=KEY), tmp_path / "ended.json"
    before = Sessions(access, file)
    one, other = before.begin(Role.DRIVE), before.begin(Role.DRIVE)
    before.end(one)
    after = Sessions(access, file)
    assert role_of(after, one) is None
    assert role_of(after, other) is Role.DRIVE


def test_where_nobody_knows_which_ended_all_log_in_again(tmp_path: Path) -> None:
    access, file = Access(password="all", look_password="eyes", key=KEY), tmp_path / "ended.json"
    before = Sessions(access, file).begin(Role.DRIVE)
    file.write_text("{")
    after = Sessions(access, file)
    assert role_of(after, before) is None
    anew = after.begin(Role.LOOK)
    assert role_of(after, anew) is Role.LOOK
    assert role_of(Sessions(access, file), anew) is Role.LOOK


def test_those_whose_time_is_over_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(
        Access(password="all", look_password="eyes", key=KEY), tmp_path / "ended.json"
    )
    sessions.end(sessions.begin(Role.DRIVE))
    one, now = (tmp_path / "ended.json").read_text(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + SESSION_S + 2)
    sessions.end(sessions.begin(Role.DRIVE))
    assert len((tmp_path / "ended.json").read_text()) == len(one)


def test_a_mark_is_no_session_and_a_session_is_no_mark(sessions: Sessions) -> None:
    mark, session = sessions.mark(Role.LOOK), sessions.begin(Role.LOOK)
    assert sessions.marked(mark) is Role.LOOK
    assert sessions.find(mark) is None
    assert sessions.marked(session) is None
    assert sessions.marked(mark.replace("LOOK", "DRIVE")) is None
