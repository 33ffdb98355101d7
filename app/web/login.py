"""Logging in and out."""

import math
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ...runtime.access import Access, Role
from ...runtime.attempts import Attempts, network_of
from .cookies import KNOWN, SESSION, cookie_name, cookies
from .login_page import login_page
from .sessions import MARK_S, SESSION_S, Sessions

BODY_LIMIT = 4096


class Login:
    """The page that asks for the password, and what is done about an answer.

    Wrong ones are counted by where they come from, and apart from that for browsers that were
    let in before: nobody who guesses keeps them out.
    """

    def __init__(self, access: Access, sessions: Sessions) -> None:
        self._access, self._sessions = access, sessions
        self._attempts = Attempts()

    async def answer(self, request: Request) -> Response:
        """A password that was sent, or the page that asks for it."""
        if request.method != "POST":
            return HTMLResponse(login_page())
        attempt = await _password(request)  # nothing is awaited between the count and the look
        who = self._who(request)
        wait_s = self._attempts.wait_s(who)
        if wait_s > 0:
            return _too_many(request, math.ceil(wait_s))
        role = self._access.role_of(attempt)
        if role is None:
            self._attempts.failed(who, attempt)
            return _refused(request, "That is not the password.", 401)
        return self._welcome(request, role)

    def leave(self, request: Request) -> Response:
        """End the session that the request shows."""
        response = RedirectResponse("/login", 303)
        for cookie in cookies(request.scope, SESSION):
            self._sessions.end(cookie)
        response.delete_cookie(cookie_name(request.scope, SESSION))
        return response

    def _who(self, request: Request) -> tuple[str, Role | None]:
        marks = map(self._sessions.marked, cookies(request.scope, KNOWN))
        client = request.client
        network = network_of((client.host, client.port) if client else None)
        return network, max((role for role in marks if role is not None), default=None)

    def _welcome(self, request: Request, role: Role) -> Response:
        response = JSONResponse({}) if _asks_json(request) else _home()
        given = (
            (SESSION, self._sessions.begin(role), SESSION_S),
            (KNOWN, self._sessions.mark(role), MARK_S),
        )
        for kind, value, seconds in given:
            response.set_cookie(
                cookie_name(request.scope, kind),
                value,
                max_age=seconds,
                httponly=True,
                samesite="strict",
                secure=self._access.secure or _came_by_tls(request),
            )
        return response


def _too_many(request: Request, wait_s: int) -> Response:
    words = f"Too many wrong passwords. Try again in {wait_s} s."
    response = _refused(request, words, 429)
    response.headers["retry-after"] = str(wait_s)
    return response


def _refused(request: Request, words: str, code: int) -> Response:
    if _asks_json(request):
        return JSONResponse({"error": words}, code)
    return HTMLResponse(login_page(words), code)


def _home() -> Response:
    return RedirectResponse("/", 303)


def _asks_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _came_by_tls(request: Request) -> bool:
    """Whether the page that asks was: also where a proxy in front of us has the certificate."""
    return request.headers.get("origin", "").startswith("https:")


async def _password(request: Request) -> str:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
