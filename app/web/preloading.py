"""What a page will need, named in its first answer: Gradio's own scripts put what we give it for
the head there only when they have all arrived."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .compression import plain

END = b"</head>"


class Preloading:
    """Adds links to the end of the head of the page at the root."""

    def __init__(self, app: ASGIApp, links: str) -> None:
        self.app = app
        self.links = links.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("GET", "/"):
            scope, send = plain(scope), _Page(send, self.links)
        await self.app(scope, receive, send)


class _Page:
    """Holds the answer back until it is whole, and its length known."""

    def __init__(self, send: Send, links: bytes) -> None:
        self.send, self.links = send, links
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if not message.get("more_body", False) and self.start is not None:
            body = bytes(self.body).replace(END, self.links + END, 1)
            await self.send({**self.start, "headers": _sized(self.start["headers"], len(body))})
            await self.send({"type": "http.response.body", "body": body})


def _sized(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    size = (b"content-length", str(length).encode())
    return [size if name.lower() == b"content-length" else (name, value) for name, value in headers]
