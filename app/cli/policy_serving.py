"""Runs a policy service until it is interrupted."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ...runtime.access import Access
from ...training.adapters.registry import get_adapter
from ...training.policies.base_names import DEFAULT
from ...training.policies.registry import open_policy
from ...training.serving.server import PolicyService, policy_app
from ..web.server import Listening, address_of, bind, require_certificate, run

PASSWORD_VARIABLE = "TEACHLOOP_POLICY_PASSWORD"


class Settings(Listening, Protocol):
    """What the command line gives; see ``commands.ServePolicy`` for their meaning."""

    @property
    def data(self) -> Path: ...
    @property
    def adapter(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def bits(self) -> int: ...


def serve_policy(settings: Settings, ready: Callable[[str], None] = lambda address: None) -> int:
    """Load the policy, then serve; ``ready`` is told the address.

    Raises AddressRefused, PortTaken, and what loading the policy raises.
    """
    require_certificate(settings)
    password = settings.password or os.environ.get(PASSWORD_VARIABLE) or None
    secure = settings.certificate is not None
    access = Access(host=settings.host, password=password, secure=secure)
    with bind(settings.host, settings.port) as listener:
        app = policy_app(_service(settings), access)
        ready(address_of(settings, listener).rstrip("/"))
        run(app, listener, settings)
    return 0


def _service(settings: Settings) -> PolicyService:
    if not settings.adapter:
        base = settings.base or DEFAULT
        return PolicyService(base, open_policy(base, bits=settings.bits))
    adapter = get_adapter(settings.data, settings.adapter)
    agent_for = open_policy(adapter.card.base, adapter.path, settings.bits)
    return PolicyService(adapter.card.name, agent_for)
