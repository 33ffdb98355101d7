"""Who gets past the password of a policy's server: found by walking its table of routes."""

from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from teachloop.runtime.access import Access
from teachloop.runtime.attempts import MOST
from teachloop.training.serving.server import HEALTH, Bearer, policy_app

HOME = "http://127.0.0.1:7861"


def guarded() -> Bearer:
    """A server whose policy nobody reaches."""
    app = policy_app(cast(Any, None), Access(password="secret"))
    assert isinstance(app, Bearer)
    return app


def client(app: Bearer, address: str = "10.0.0.7") -> TestClient:
    return TestClient(app, base_url=HOME, client=(address, 50_000), raise_server_exceptions=False)


def ask(asking: TestClient, password: str) -> int:
    """The status that an answer has; 500 where the policy would have been asked."""
    headers = {"authorization": f"Bearer {password}"}
    return asking.get("/policy", headers=headers).status_code


def test_no_route_and_no_socket_is_answered_without_the_password() -> None:
    app = guarded()
    assert isinstance(app.app, FastAPI)
    paths = {str(getattr(route, "path", "")) for route in app.app.routes}
    assert {HEALTH, "/policy", "/"} <= paths
    for path in paths - {HEALTH}:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            assert client(app).request(method, path).status_code == 401, path
        with pytest.raises(WebSocketDisconnect):
            client(app).websocket_connect(f"ws://127.0.0.1:7861{path}").__enter__()


def test_whoever_guesses_waits_and_nobody_else() -> None:
    app = guarded()
    guesser, owner = client(app, "10.0.0.66"), client(app)
    assert [ask(guesser, f"guess {number}") for number in range(MOST)] == [401] * MOST
    assert ask(guesser, "secret") == 429
    assert ask(owner, "secret") == 500


def test_a_station_that_repeats_an_old_password_keeps_no_neighbour_out() -> None:
    app = guarded()
    assert {ask(client(app), "an old one") for _ in range(3 * MOST)} == {401}
    assert ask(client(app), "secret") == 500
