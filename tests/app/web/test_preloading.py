"""What the page's first answer names."""

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from teachloop.app.web.preloading import Preloading

LINK = '<link rel="modulepreload" href="/a.js">'
BEFORE, AFTER = "<html><head><title>a page</title>", "</head><body></head></body></html>"


async def whole(request: Request) -> HTMLResponse:
    return HTMLResponse(BEFORE + AFTER)


async def in_parts(request: Request) -> StreamingResponse:
    parts = (BEFORE.encode(), AFTER[:3].encode(), AFTER[3:].encode())
    return StreamingResponse(iter(parts), media_type="text/html")


@pytest.fixture(params=[whole, in_parts])
def client(request: pytest.FixtureRequest) -> TestClient:
    routes = [Route("/", request.param), Route("/other", request.param)]
    compressing = GZipMiddleware(Starlette(routes=routes), minimum_size=1)
    return TestClient(Preloading(compressing, LINK))


def test_the_page_names_what_it_will_need_at_the_end_of_its_head(client: TestClient) -> None:
    answer = client.get("/", headers={"accept-encoding": "gzip"})
    assert answer.text == BEFORE + LINK + AFTER
    assert int(answer.headers.get("content-length", len(answer.content))) == len(answer.content)


def test_nothing_else_is_changed(client: TestClient) -> None:
    assert client.get("/other").text == BEFORE + AFTER
    assert client.head("/").text == ""
