"""What of Gradio is served: the page and its parts. It can do much more, none of which is asked
for here: run functions, take uploads, hand out files, edit the program."""

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PARTS = re.compile(
    r"/(?:(?:assets|static|svelte)/.+"
    r"|config/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt"
    r"|gradio_api/(?:startup-events|heartbeat/\w+))?"
)


class PageOnly:
    """Lets nothing else through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        looks = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if scope["type"] == "lifespan" or (looks and PARTS.fullmatch(scope["path"])):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await JSONResponse({"error": "There is no such page."}, 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4404})
