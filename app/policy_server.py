"""Runs a policy service until it is interrupted."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import uvicorn

from ..training.adapters import get_adapter
from ..training.base_names import DEFAULT
from ..training.policies import open_policy
from .access import Access
from .policy_service import PolicyService, policy_app
from .server import bind

PASSWORD_VARIABLE = "TEACHLOOP_POLICY_PASSWORD"


class Settings(Protocol):
    """What the command line gives; see ``commands.ServePolicy`` for their meaning."""

    @property
    def data(self) -> Path: ...
    @property
    def adapter(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def password(self) -> str: ...
    @property
    def certificate(self) -> Path | None: ...
    @property
    def certificate_key(self) -> Path | None: ...


def serve_policy(settings: Settings, ready: Callable[[str], None] = lambda address: None) -> int:
    """Load the policy, then serve; ``ready`` is told the address.

    Raises AddressRefused, PortTaken, and what loading the policy raises.
    """
    password = settings.password or os.environ.get(PASSWORD_VARIABLE) or None
    secure = settings.certificate is not None
    access = Access(host=settings.host, password=password, secure=secure)
    with bind(settings.host, settings.port) as listener:
        app = policy_app(_service(settings), access)
        ready(_address(listener, secure))
        config = uvicorn.Config(
            app,
            log_level="warning",
            ws_per_message_deflate=False,
            ws_max_size=1 << 24,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.certificate_key,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _service(settings: Settings) -> PolicyService:
    if not settings.adapter:
        base = settings.base or DEFAULT
        return PolicyService(base, open_policy(base))
    adapter = get_adapter(settings.data, settings.adapter)
    return PolicyService(adapter.card.name, open_policy(adapter.card.base, adapter.path))


def _address(listener: socket.socket, secure: bool) -> str:
    host, port = listener.getsockname()[:2]
    return f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
