"""Logging in: who has to wait, whose cookie is whose, and when a session is over."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from teachloop.app.web.application import Site, build
from teachloop.app.web.auth import LOGGED_OUT
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access
from teachloop.runtime.attempts import MOST

HOME = "http://127.0.0.1:7860"
LIVE = "ws://127.0.0.1:7860/live"
COOKIE = "teachloop_session_7860"


@pytest.fixture
def from_address(tmp_path: Path) -> Callable[[str], TestClient]:
    """Clients of one server, from any address."""
    app = build(Site(tmp_path, Access(password="secret"), StationProcess(tmp_path)))
    return lambda address: TestClient(
        app, base_url=HOME, follow_redirects=False, client=(address, 50_000)
    )


@pytest.fixture
def client(from_address: Callable[[str], TestClient]) -> TestClient:
    return from_address("127.0.0.1")


def guess(client: TestClient, times: int = MOST) -> list[int]:
    """The answers to as many wrong passwords."""
    posted = (client.post("/login", data={"password": f"guess {i}"}) for i in range(times))
    return [answer.status_code for answer in posted]


def test_guessing_is_slowed_down_even_for_the_right_password(
    from_address: Callable[[str], TestClient],
) -> None:
    guesser = from_address("10.0.0.66")
    assert guess(guesser) == [401] * MOST
    answer = guesser.post("/login", data={"password": "secret"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert f"Try again in {answer.headers['retry-after']} s" in answer.text


def test_whoever_guesses_keeps_nobody_else_out(from_address: Callable[[str], TestClient]) -> None:
    guess(from_address("10.0.0.66"))
    owner = from_address("10.0.0.7")
    assert owner.post("/login", data={"password": "secret"}).status_code == 303


def test_a_browser_that_was_let_in_before_is_not_kept_out_by_its_neighbour(
    from_address: Callable[[str], TestClient],
) -> None:
    """As behind one tunnel, proxy or router."""
    owner, guesser = from_address("127.0.0.1"), from_address("127.0.0.1")
    owner.post("/login", data={"password": "secret"})
    owner.get("/logout")
    guess(guesser)
    assert owner.post("/login", data={"password": "secret"}).status_code == 303
    assert guesser.post("/login", data={"password": "secret"}).status_code == 429


def test_a_browser_that_was_let_in_before_may_not_guess_for_ever(
    from_address: Callable[[str], TestClient],
) -> None:
    insider = from_address("127.0.0.1")
    insider.post("/login", data={"password": "secret"})
    guess(insider)
    assert insider.post("/login", data={"password": "secret"}).status_code == 429


def test_a_page_that_logs_in_in_place_is_answered_in_words(client: TestClient) -> None:
    json = {"accept": "application/json"}
    wrong = client.post("/login", data={"password": "wrong"}, headers=json)
    assert (wrong.status_code, wrong.json()) == (401, {"error": "That is not the password."})
    assert client.post("/login", data={"password": "secret"}, headers=json).status_code == 200
    assert client.get("/api/session").json() == {"role": "drive", "guarded": True}


@pytest.mark.parametrize("other", ["127.0.0.1:7861", "127.0.0.1"])
def test_two_servers_of_one_host_leave_each_other_their_sessions(
    tmp_path: Path, other: str
) -> None:
    """A browser keeps the cookies of a host together, whatever the port."""
    data = [tmp_path / name for name in "ab"]
    sites = [Site(each, Access(password=each.name), StationProcess(each)) for each in data]
    one, two = (TestClient(build(site), follow_redirects=False) for site in sites)
    jar: dict[str, str] = {}
    for client, host, password in ((one, "127.0.0.1:7860", "a"), (two, other, "b")):
        answer = client.post(f"http://{host}/login", data={"password": password})
        jar |= dict(answer.cookies)
    cookies = {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    for client, host in ((one, "127.0.0.1:7860"), (two, other)):
        assert client.get(f"http://{host}/api/takes", headers=cookies).status_code == 200


def test_logging_out_closes_the_windows_of_that_session_and_stolen_copies(
    client: TestClient,
) -> None:
    client.post("/login", data={"password": "secret"})
    copy = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with client.websocket_connect(LIVE) as socket:
        assert socket.receive_json()["type"] == "hello"
        client.get("/logout")
        while (message := socket.receive())["type"] != "websocket.close":
            pass
    assert message["code"] == LOGGED_OUT
    client.cookies.clear()
    assert client.get("/api/takes", headers={"cookie": copy}).status_code == 401


@pytest.mark.parametrize(
    "foreign", ["a/b=c", '{"a":1}=2', f"{COOKIE}=stale", "x", "=", '"', "a=b=c", ""]
)
def test_cookies_of_other_servers_of_this_host_close_nothing(
    client: TestClient, foreign: str
) -> None:
    session = client.post("/login", data={"password": "secret"}).cookies[COOKIE]
    client.cookies.clear()
    for cookies in (f"{foreign}; {COOKIE}={session}", f"{COOKIE}={session};{foreign}"):
        headers = {"cookie": cookies}
        assert client.get("/api/takes", headers=headers).status_code == 200
    headers = {"cookie": foreign}
    assert client.get("/api/takes", headers=headers).status_code == 401


def test_a_huge_login_is_not_read(client: TestClient) -> None:
    assert client.post("/login", data={"password": "x" * 100_000}).status_code == 401
