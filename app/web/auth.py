"""One ASGI middleware before every route and socket, Gradio's included."""

import asyncio
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...runtime.access import Access, host_name
from .cookies import SESSION, cookies
from .login import Login
from .roles import LET_IN
from .sessions import Session, Sessions

SAFE = ("GET", "HEAD", "OPTIONS")
LOOK_S = 1.0
FOREIGN, LOGGED_OUT = 4403, 4401  # why a socket is closed
# Gradio's front end compiles templates and starts from inline scripts.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Checks host, origin and session; what it refuses never reaches a route."""

    def __init__(self, app: ASGIApp, access: Access, ended: Path | None = None) -> None:
        self.app = app
        self.access = access
        self.sessions = Sessions(access, ended)
        self.login = Login(access, self.sessions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = self._foreign(scope) or await self._unknown(scope, receive)
        if refusal is None:
            await self._let_in(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await _refuse_socket(receive, send)
        else:
            await refusal(scope, receive, _with_headers(send))

    def _foreign(self, scope: Scope) -> Response | None:
        """A refusal for a foreign host, or for a request that a foreign page made."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self.access.knows_host(host):
            return PlainTextResponse(_unknown_name(host), 421)
        origin = headers.get("origin")
        if origin is not None and not self.access.same_origin(origin, host):
            return PlainTextResponse("Asked for by a foreign page.", 403)
        if origin is None and _from_foreign_page(scope, headers):
            return PlainTextResponse("Asked for by a foreign page.", 403)
        return None

    async def _unknown(self, scope: Scope, receive: Receive) -> Response | None:
        """Where a password is set: the login page, its answer, or a refusal."""
        if self.access.password is None:
            scope[LET_IN] = None
            return RedirectResponse("/", 303) if scope["path"] in ("/login", "/logout") else None
        if scope["type"] == "http" and scope["path"] == "/login":
            return await self.login.answer(Request(scope, receive))
        session = self._session(scope)
        if session is not None:
            scope[LET_IN] = session
            return self.login.leave(Request(scope)) if scope["path"] == "/logout" else None
        if scope["type"] == "http" and scope["method"] == "GET" and _navigates(scope):
            return RedirectResponse("/login", 303)
        return JSONResponse({"error": "Log in first."}, 401)

    def _session(self, scope: Scope) -> Session | None:
        found = map(self.sessions.find, cookies(scope, SESSION))
        return next((session for session in found if session is not None), None)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        work = self.app(scope, receive, send)
        if scope["type"] == "http" or self.access.password is None:
            await work
        else:
            await self._while_logged_in(asyncio.ensure_future(work), scope, send)

    async def _while_logged_in(self, work: asyncio.Future[None], scope: Scope, send: Send) -> None:
        """A socket lasts no longer than the session that opened it."""
        try:
            while not work.done() and self._session(scope) is not None:
                await asyncio.wait([work], timeout=LOOK_S)
        finally:
            over = work.done()
            work.cancel()
            await asyncio.wait([work])
        if not over:
            await send({"type": "websocket.close", "code": LOGGED_OUT})
        elif not work.cancelled():
            work.result()


def _unknown_name(header: str) -> str:
    name = host_name(header)
    if name is None:
        return "This server is asked for by no name. Open it by the address that it said."
    return (
        f"This server does not go by the name {name}. Open it by the address that it said when it "
        f"started, or start it with --name {name}."
    )


def _from_foreign_page(scope: Scope, headers: Headers) -> bool:
    """Browsers say where a request without Origin comes from; other programs say nothing."""
    site = headers.get("sec-fetch-site", "none")
    if site in ("none", "same-origin"):
        return False
    followed_link = headers.get("sec-fetch-mode") == "navigate" and (
        headers.get("sec-fetch-dest") == "document"
    )
    return not (followed_link and scope.get("method") in SAFE)


def _navigates(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


async def _refuse_socket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": FOREIGN})


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sender
