"""A tiny policy, and its server on this machine."""

import contextlib
import threading
from collections.abc import Iterator

import uvicorn

from teachloop.app.web.server import bind
from teachloop.runtime.access import Access
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.serving.protocol import LARGEST_BYTES
from teachloop.training.serving.server import policy_app
from teachloop.training.serving.service import PolicyService

TINY = PolicyConfig(
    image_size=32, patch_size=8, width=16, vision_layers=1, text_layers=1, attention_heads=2,
    head_width=32, head_blocks=1, chunk=4,
)  # fmt: skip
PASSWORD = "a good one"


@contextlib.contextmanager
def serving(
    service: PolicyService, port: int = 0, password: str | None = PASSWORD
) -> Iterator[str]:
    """The server's address, until the end of the block."""
    with bind("127.0.0.1", port) as listener:
        app = policy_app(service, Access(password=password))
        config = uvicorn.Config(app, log_level="error", ws_max_size=LARGEST_BYTES)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(10)
