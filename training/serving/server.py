"""The server of one policy.

GET /healthz  OK, as openpi's servers say it; needs no password
GET /policy   what is served, as JSON: its name, latency in ms (p50, p95), answers so far
WS  /         the messages of ``protocol``

The rest needs the password, where one is set, as ``Authorization: Api-Key <password>`` or
``Bearer <password>``; one in any language is percent-encoded UTF-8 (RFC 3986). Any address but
this machine's own needs one.
"""

import logging
import time
from dataclasses import asdict
from urllib.parse import unquote

from fastapi import FastAPI, Response, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from ...runtime.access import Access
from ...runtime.attempts import Attempts, network_of
from ...runtime.errors import TeachloopError
from .protocol import Reply, Request, read, written
from .service import Conversation, PolicyService

logger = logging.getLogger(__name__)
HEALTH = "/healthz"
FAILED = "The policy failed on what it was sent. The log of its server says how."
SCHEMES = ("Api-Key ", "Bearer ")


def policy_app(service: PolicyService, access: Access) -> ASGIApp:
    """The whole server, guarded."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get(HEALTH)
    def health() -> PlainTextResponse:
        return PlainTextResponse("OK\n")

    @app.get("/policy")
    def policy() -> JSONResponse:
        return JSONResponse(asdict(service.summary()))

    @app.websocket("/")
    async def converse(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_bytes(written(service.metadata))
        try:
            await _converse(socket, Conversation(service))
        except WebSocketDisconnect:
            return

    return Bearer(app, access)


async def _converse(socket: WebSocket, conversation: Conversation) -> None:
    before_ms: float | None = None
    while True:
        data = await _received(socket)
        began = time.monotonic()
        try:
            reply = await conversation.answer(read(Request, data))
            await socket.send_bytes(written(_timed(reply, before_ms)))
        except TeachloopError as error:
            await socket.send_text(str(error))
        except WebSocketDisconnect:
            raise
        except Exception:  # whatever a policy makes of odd numbers, its server goes on
            logger.exception("The policy failed.")
            await socket.send_text(FAILED)
        before_ms = 1e3 * (time.monotonic() - began)


async def _received(socket: WebSocket) -> bytes:
    """Nothing where text was sent, which is no message either."""
    try:
        return await socket.receive_bytes()
    except KeyError:
        return b""


def _timed(reply: Reply, before_ms: float | None) -> Reply:
    timing = reply.server_timing.model_copy(update={"prev_total_ms": before_ms})
    return reply.model_copy(update={"server_timing": timing})


class Bearer:
    """Lets nobody in without the password, and no web page at all."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access
        self.attempts = Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and (refusal := self._refusal(scope)):
            await _refuse(scope, receive, send, refusal)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if "origin" in headers:
            return JSONResponse({"error": "This server answers stations, no web pages."}, 403)
        if not self.access.knows_host(host := headers.get("host", "")):
            words = f"This server does not go by the name {host}. Start it with that --host."
            return JSONResponse({"error": words}, 403)
        if scope["path"] == HEALTH or self.access.password is None:
            return None
        return self._wrong_password(
            headers.get("authorization", ""), network_of(scope.get("client"))
        )

    def _wrong_password(self, header: str, who: str) -> Response | None:
        if self.attempts.wait_s(who) > 0:
            return JSONResponse({"error": "Too many wrong passwords. Wait a minute."}, 429)
        given = _attempts(header)
        if any(map(self.access.password_is, given)):
            return None
        for attempt in given:
            self.attempts.failed(who, attempt)
        return JSONResponse({"error": "That is not this policy server's password."}, 401)


def _attempts(header: str) -> tuple[str, ...]:
    """The password in a header, as it is and percent-decoded: openpi's clients encode nothing."""
    for scheme in SCHEMES:
        if header.startswith(scheme):
            given = header.removeprefix(scheme)
            return given, unquote(given)
    return ()


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Response) -> None:
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4403})
