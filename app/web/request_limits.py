"""Refuses a request that no browser makes before a route reads it: one whose body would fill the
memory, or whose address is no text or longer than a file's name can be."""

from urllib.parse import unquote_to_bytes

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 4 << 20  # the settings of a job with all takes of years need a tenth
LONGEST_PART = 255  # bytes between two slashes; the system refuses a longer name


class RequestLimits:
    """In front of routes that read whole bodies, and of files that are served by name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reason = _odd_address(scope)
        if reason:
            await JSONResponse({"error": reason}, 400)(scope, receive, send)
            return
        read = await _read(receive)
        if read is None:
            words = f"A request of more than {MOST_BYTES >> 20} MiB is none that a page makes."
            await JSONResponse({"error": words}, 413)(scope, receive, send)
            return
        waiting = [read]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, again, send)


def _odd_address(scope: Scope) -> str:
    """Why nothing can be there; nothing where something may."""
    try:
        unquote_to_bytes(scope["query_string"]).decode()
        scope["query_string"].decode()
    except UnicodeDecodeError:
        return "What follows the ? of that address is no text in UTF-8."
    if any(
        len(part.encode("utf-8", "replace")) > LONGEST_PART for part in scope["path"].split("/")
    ):
        return f"A part of that address is longer than {LONGEST_PART} bytes."
    return ""


async def _read(receive: Receive) -> Message | None:
    """The whole request as one message; None where it is too large."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return {**message, "body": bytes(body)}
