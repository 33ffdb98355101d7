"""One ASGI middleware before every route and socket, Gradio's included."""

import time
from collections import deque
from collections.abc import Iterator
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...runtime.access import SESSION_S, Access
from .login_page import login_page

COOKIE = "teachloop_session"
SAFE = ("GET", "HEAD", "OPTIONS")
LOGIN_BODY_LIMIT = 4096
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

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access
        self.failures: deque[float] = deque(maxlen=10)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = self._foreign(scope) or await self._unknown(scope, receive)
        if refusal is None:
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await _refuse_socket(receive, send)
        else:
            await refusal(scope, receive, _with_headers(send))

    def _foreign(self, scope: Scope) -> Response | None:
        """A refusal for a foreign host, or for a request that a foreign page made."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self.access.knows_host(host):
            return PlainTextResponse("This server does not go by that name.", 421)
        origin = headers.get("origin")
        if origin is not None and not self.access.same_origin(origin, host):
            return PlainTextResponse("Asked for by a foreign page.", 403)
        if origin is None and _from_foreign_page(scope, headers):
            return PlainTextResponse("Asked for by a foreign page.", 403)
        return None

    async def _unknown(self, scope: Scope, receive: Receive) -> Response | None:
        """Where a password is set: the login page, its answer, or a refusal."""
        if self.access.password is None:
            return None
        if scope["type"] == "http" and scope["path"] == "/login":
            return await self._login(Request(scope, receive))
        if any(map(self.access.valid_session, _sessions(scope))):
            return _logged_out() if scope["path"] == "/logout" else None
        if scope["type"] == "http" and scope["method"] == "GET" and _navigates(scope):
            return RedirectResponse("/login", 303)
        return PlainTextResponse("Log in first.", 401)

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return HTMLResponse(login_page())
        if len(self.failures) == 10 and time.monotonic() - self.failures[0] < 60:
            return HTMLResponse(login_page("Too many attempts; wait a minute."), 429)
        if not self.access.password_is(await _password_field(request)):
            self.failures.append(time.monotonic())
            return HTMLResponse(login_page("That is not the password."), 401)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            self.access.issue_session(),
            max_age=SESSION_S,
            httponly=True,
            samesite="strict",
            secure=self.access.secure,
        )
        return response


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


def _sessions(scope: Scope) -> Iterator[str]:
    """The values of our cookie. Browsers send cookies of other servers of this host along, of any
    shape, one of our name included; ports do not keep them apart."""
    for header in Headers(scope=scope).getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE:
                yield value


def _logged_out() -> Response:
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


async def _password_field(request: Request) -> str:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LOGIN_BODY_LIMIT:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]


async def _refuse_socket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 4403})


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sender
