"""Every route, socket and message that there is, and who is let in: found by walking the tables,
so that what is added without its check fails here."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from starlette.websockets import WebSocketDisconnect

from teachloop.app.web.application import Site, build
from teachloop.app.web.auth import Guard
from teachloop.app.web.roles import Needs
from teachloop.app.web.schemas.from_window import FromWindow
from teachloop.app.web.station_process import StationProcess
from teachloop.recorder.station.command_table import COMMANDS
from teachloop.runtime.access import Access, Role

HOME = "http://127.0.0.1:7860"
LIVE = "ws://127.0.0.1:7860/live"
PASSWORDS = {Role.LOOK: "eyes", Role.LABEL: "masks", Role.DRIVE: "all"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READING = {"GET", "HEAD", "OPTIONS"}
# What Gradio's page itself needs of what Gradio serves.
PAGE = {
    "/", "/config", "/config/", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt",
    "/assets/{path:path}", "/static/{path:path}", "/svelte/{path:path}",
    "/gradio_api/startup-events", "/gradio_api/heartbeat/{session_hash}",
}  # fmt: skip
Enter = Callable[[Role], TestClient]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    data: Path = tmp_path_factory.mktemp("data")
    access = Access(
        password=PASSWORDS[Role.DRIVE],
        label_password=PASSWORDS[Role.LABEL],
        look_password=PASSWORDS[Role.LOOK],
    )
    return build(Site(data, access, StationProcess(data)))


@pytest.fixture
def stranger(site: ASGIApp) -> TestClient:
    return TestClient(site, base_url=HOME, follow_redirects=False)


@pytest.fixture
def enter(site: ASGIApp) -> Enter:
    """Somebody who gave the password of a role."""

    def with_password(role: Role) -> TestClient:
        client = TestClient(site, base_url=HOME, follow_redirects=False)
        client.post("/login", data={"password": PASSWORDS[role]})
        return client

    return with_password


def walk(routes: Sequence[BaseRoute], above: str = "") -> Iterator[tuple[str, BaseRoute]]:
    """Every route and its path, those of included routers and mounted applications among them."""
    for route in routes:
        included = getattr(route, "original_router", None)
        inner = included.routes if included else getattr(route, "routes", None)
        path = above + getattr(route, "path", "")
        if inner:
            context = getattr(route, "include_context", None)
            yield from walk(inner, path + getattr(context, "prefix", ""))
        else:
            yield path, route


def table(site: ASGIApp, *, ours: bool) -> dict[str, list[BaseRoute]]:
    """Routes by path: our own, or Gradio's, which is mounted at the root."""
    assert isinstance(site, Guard)
    app: Any = site.app
    while not hasattr(app, "routes"):  # what lies between the guard and the routes
        app = app.app
    routes = app.routes
    gradio = [route for route in routes if isinstance(route, Mount) and route.path == ""]
    assert len(gradio) == 1
    chosen = [route for route in routes if route not in gradio] if ours else gradio
    found: dict[str, list[BaseRoute]] = {}
    for path, route in walk(chosen):
        found.setdefault(path, []).append(route)
    return found


def methods_of(route: BaseRoute) -> set[str]:
    return set(getattr(route, "methods", None) or ())


def role_of(route: BaseRoute) -> Role | None:
    """What the route asks for; the highest where it asks twice."""
    checks = [each.dependency for each in getattr(route, "dependencies", ())]
    return max((check.role for check in checks if isinstance(check, Needs)), default=None)


def filled(path: str) -> str:
    return re.sub(r"{[^}]*}", "1", path)


def test_the_walk_finds_what_there_is(site: ASGIApp) -> None:
    ours, gradio = table(site, ours=True), table(site, ours=False)
    assert {"/live", "/api/takes", "/api/jobs/{job_id}/cancel"} <= set(ours)
    assert {"/", "/gradio_api/upload", "/gradio_api/queue/join"} <= set(gradio)


def test_every_route_of_ours_says_who_may_ask(site: ASGIApp) -> None:
    found = table(site, ours=True)
    without = {path for path, routes in found.items() for route in routes if role_of(route) is None}
    assert without == set()


def test_nothing_changes_for_those_who_only_look(site: ASGIApp) -> None:
    changing = [
        (path, route)
        for path, routes in table(site, ours=True).items()
        for route in routes
        if methods_of(route) - READING
    ]
    assert len(changing) >= 12
    assert [path for path, route in changing if role_of(route) in (None, Role.LOOK)] == []


def test_without_a_session_nothing_is_answered(site: ASGIApp, stranger: TestClient) -> None:
    paths = {filled(path) for ours in (True, False) for path in table(site, ours=ours)}
    answers = {
        (method, path): stranger.request(method, path, headers={"accept": "*/*"}).status_code
        for path in paths - {"/login"}
        for method in METHODS
    }
    assert {asked: code for asked, code in answers.items() if code != 401} == {}


def test_by_a_foreign_name_nothing_is_answered(site: ASGIApp, enter: Enter) -> None:
    driver = enter(Role.DRIVE)
    paths = {filled(path) for ours in (True, False) for path in table(site, ours=ours)}
    codes = {driver.get(path, headers={"host": "evil.example"}).status_code for path in paths}
    assert codes == {421}


@pytest.mark.parametrize("role", [Role.LOOK, Role.LABEL])
def test_a_role_is_refused_what_a_higher_one_may(site: ASGIApp, enter: Enter, role: Role) -> None:
    client = enter(role)
    answers = {
        (method, path): client.request(method, filled(path), json={}).status_code
        for path, routes in table(site, ours=True).items()
        for route in routes
        for method in methods_of(route)
        if (role_of(route) or Role.LOOK) > role
    }
    assert len(answers) >= 7
    assert set(answers.values()) == {403}


def test_a_refusal_names_the_role(enter: Enter) -> None:
    answer = enter(Role.LABEL).put("/api/station", json={})
    assert "lets you label" in answer.json()["error"]
    assert "may drive" in answer.json()["error"]


def test_who_labels_starts_and_ends_propagations_and_no_other_job(enter: Enter) -> None:
    label = enter(Role.LABEL)
    for other in ("finetune", "fetch"):
        assert label.post("/api/jobs", json={"kind": other}).status_code == 403
    assert label.post("/api/jobs", json={"kind": "propagate"}).status_code == 422
    assert enter(Role.DRIVE).post("/api/jobs", json={"kind": "finetune"}).status_code == 422


def test_of_gradio_the_page_and_its_parts_are_served_and_nothing_else(
    site: ASGIApp, enter: Enter
) -> None:
    driver = enter(Role.DRIVE)
    answers = {
        (method, path): driver.request(method, filled(path)).status_code
        for path, routes in table(site, ours=False).items()
        for route in routes
        for method in methods_of(route) - {"HEAD"}
        if method != "GET" or path not in PAGE
        if path not in ("/login", "/logout")
    }
    assert len(answers) > 30
    assert set(answers.values()) == {404}


def test_without_a_session_there_is_no_socket(site: ASGIApp, stranger: TestClient) -> None:
    sockets = [
        path
        for ours in (True, False)
        for path, routes in table(site, ours=ours).items()
        if not any(map(methods_of, routes))
    ]
    assert "/live" in sockets
    for path in sockets:
        with pytest.raises(WebSocketDisconnect):
            stranger.websocket_connect(f"ws://127.0.0.1:7860{path}").__enter__()


def test_every_message_says_who_may_send_it() -> None:
    kinds = get_args(FromWindow)
    assert len(kinds) >= 8
    assert [kind.__name__ for kind in kinds if "needs" not in vars(kind)] == []


def test_who_looks_may_ask_the_station_for_nothing_but_its_status_and_a_stop() -> None:
    open_to_all = {n for n, kind in COMMANDS.items() if kind.from_window and not kind.needs_lease}
    assert open_to_all == {"status", "stop_robot"}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "beat"},
        {"type": "twist", "linear": [0, 0, 0.1], "angular": [0, 0, 0]},
        {"type": "control", "take_over": True},
        {"type": "start_station"},
        {"type": "start_labeler"},
        {"type": "roll_out", "adapter": "", "base": "", "instruction": ""},
        {"type": "begin_attempt", "study": "x"},
        {"type": "judge_attempt", "study": "x", "number": 0, "verdict": {"score": 1}},
        {"type": "void_attempt", "study": "x", "number": 0, "reason": "slipped"},
        {"type": "label", "take": "x", "action": "undo"},
    ],
)
def test_who_looks_is_refused_every_other_message(enter: Enter, message: dict[str, object]) -> None:
    with enter(Role.LOOK) as client, client.websocket_connect(LIVE) as socket:
        assert socket.receive_json()["may"] == ["look"]
        socket.send_json({**message, "id": 7})
        while (answer := socket.receive_json())["type"] != "reply":
            pass
    assert (answer["id"], answer["ok"]) == (7, False)
    assert "lets you look" in answer["error"]


def test_who_looks_may_stop_the_robot(enter: Enter) -> None:
    with enter(Role.LOOK) as client, client.websocket_connect(LIVE) as socket:
        socket.send_json({"type": "command", "name": "stop_robot", "id": 7})
        while (answer := socket.receive_json())["type"] != "reply":
            pass
    assert "not running" in answer["error"]  # no station is there to be stopped, but it was asked
