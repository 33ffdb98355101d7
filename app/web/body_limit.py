"""Reads a request's body before anybody else does, and refuses one that would fill the memory."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 4 << 20  # the settings of a job with all takes of years need a tenth


class BodyLimit:
    """In front of routes that read whole bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
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
