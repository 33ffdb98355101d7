"""What the guard lets through to the real application, Gradio's routes and the socket included."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from starlette.websockets import WebSocketDisconnect

from teachloop.app.web.application import Site, build
from teachloop.app.web.station_process import StationProcess
from teachloop.runtime.access import Access

HOME = "http://127.0.0.1:7860"
COOKIE = "teachloop_session_7860"
LIVE = "ws://127.0.0.1:7860/live"
ROUTES = ["/", "/config", "/theme.css", "/api/session", "/api/takes", "/api/jobs"]
Build = Callable[[str | None], ASGIApp]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the application, once for each password; no station is started."""
    known: dict[str | None, ASGIApp] = {}

    def make(password: str | None) -> ASGIApp:
        if password not in known:
            data: Path = tmp_path_factory.mktemp("data")
            known[password] = build(Site(data, Access(password=password), StationProcess(data)))
        return known[password]

    return make


@pytest.fixture
def client(built: Build) -> TestClient:
    return TestClient(built(None), base_url=HOME)


@pytest.fixture
def stranger(built: Build) -> TestClient:
    """A client of a server with a password, who has not said it."""
    return TestClient(built("secret"), base_url=HOME, follow_redirects=False)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_answers_our_own_page(client: TestClient, route: str) -> None:
    assert client.get(route, headers={"sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
def test_no_route_answers_a_foreign_page(
    client: TestClient, route: str, headers: dict[str, str]
) -> None:
    assert client.get(route, headers=headers).status_code in (403, 421)


def test_a_link_on_another_page_may_lead_here(client: TestClient) -> None:
    headers = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
    }
    assert client.get("/", headers=headers).status_code == 200
    assert client.post("/api/tasks", headers=headers, json={"instruction": "x"}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_foreign_page_changes_nothing(client: TestClient, method: str) -> None:
    headers = {"origin": "http://evil.example"}
    answer = client.request(method, "/api/tasks", headers=headers, json={"instruction": "evil"})
    assert answer.status_code == 403
    assert "evil" not in client.get("/api/tasks").text


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "http://["}, {"host": "evil.example"}]
)
def test_a_foreign_page_gets_no_socket(client: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE, headers=headers):
        pass


def test_our_own_page_gets_a_socket(client: TestClient) -> None:
    with client.websocket_connect(LIVE, headers={"origin": HOME}) as socket:
        assert socket.receive_json()["type"] == "hello"


@pytest.mark.parametrize("route", [*ROUTES, "/modules/x/record.js", "/gradio_api/queue/data"])
def test_without_the_password_every_route_is_closed(stranger: TestClient, route: str) -> None:
    assert stranger.get(route).status_code == 401
    assert stranger.post(route).status_code == 401


def test_without_the_password_there_is_no_socket(stranger: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect(LIVE):
        pass
    forged = {"cookie": f"{COOKIE}=DRIVE.9999999999.0.00"}
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect(LIVE, headers=forged):
        pass


def test_without_a_password_there_is_nothing_to_log_in_to(client: TestClient) -> None:
    for path in ("/login", "/logout"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_browser_is_sent_to_the_login_page(stranger: TestClient) -> None:
    answer = stranger.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Password" in stranger.get("/login").text


def test_the_password_opens_everything_and_logging_out_closes_it(stranger: TestClient) -> None:
    answer = stranger.post("/login", data={"password": "secret"})
    assert answer.status_code == 303
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert all(stranger.get(route).status_code == 200 for route in ROUTES)
    with stranger.websocket_connect(LIVE) as socket:
        assert socket.receive_json()["type"] == "hello"
    assert stranger.get("/logout").status_code == 303
    stranger.cookies.clear()
    assert stranger.get("/api/takes").status_code == 401


def test_a_name_that_is_not_known_is_told_what_would_do(client: TestClient) -> None:
    answer = client.get("/", headers={"host": "robot.lab.example:7860"})
    assert answer.status_code == 421
    assert "--name robot.lab.example" in answer.text


def test_a_foreign_page_cannot_log_anybody_in(stranger: TestClient) -> None:
    headers = {"origin": "http://evil.example"}
    assert stranger.post("/login", data={"password": "secret"}, headers=headers).status_code == 403


def test_pages_may_load_from_here_alone(client: TestClient) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/api/takes/..%2f..%2fetc/frames/front/0.jpg",
        "/api/takes/.hidden",
        "/api/takes/a%00b",
        "/api/jobs/..%2f..",
        "/api/jobs/.turn",
        "/api/jobs/x/pictures/..%2fjob.json",
        "/api/jobs/x/pictures/.hidden.png",
        "/api/labels/..%2fx",
        "/modules/x/..%2fserver.py",
        "/modules/x/%2e%2e/server.py",
    ],
)
def test_no_name_leads_out_of_its_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


def test_what_is_not_there_is_said_in_words(client: TestClient) -> None:
    answer = client.get("/api/takes/20200101-000000-0000")
    assert answer.status_code == 404
    assert "no take" in answer.json()["error"]
    assert client.get("/api/jobs/unknown").json()["error"].startswith("There is no job")
