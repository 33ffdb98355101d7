import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from teachloop.app.web.compression import PlainNearby


async def offered(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.headers.get("accept-encoding", "nothing"))


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("127.0.0.1", "nothing"),
        ("::1", "nothing"),
        ("192.0.2.7", "gzip, br"),
        ("a-name", "gzip, br"),
    ],
)
def test_only_browsers_of_this_machine_get_plain_answers(address: str, seen: str) -> None:
    app = PlainNearby(Starlette(routes=[Route("/", offered)]))
    client = TestClient(app, client=(address, 50000))
    assert client.get("/", headers={"accept-encoding": "gzip, br"}).text == seen
