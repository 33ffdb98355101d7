"""Runs a policy service until it is interrupted."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ...runtime.access import Access
from ...training.policies.base_names import DEFAULT
from ...training.serving.choice import PolicyChoice
from ...training.serving.protocol import LARGEST_BYTES
from ...training.serving.server import policy_app
from .server import Listening, address_of, bind, require_certificate, run, secret

PASSWORD = "TEACHLOOP_POLICY_PASSWORD"


class Settings(Listening, Protocol):
    """What the command line gives; see ``teachloop serve-policy`` for their meaning."""

    @property
    def data(self) -> Path: ...
    @property
    def adapter(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def bits(self) -> int: ...
    @property
    def cameras_of(self) -> str: ...


def serve_policy(settings: Settings, ready: Callable[[str], None] = lambda address: None) -> int:
    """Load the policy, then serve; ``ready`` is told the address.

    Raises AddressRefused, PortTaken, and what loading the policy raises.
    """
    require_certificate(settings)
    password = secret(settings.password, PASSWORD)
    secure = settings.certificate is not None
    access = Access(host=settings.host, password=password, secure=secure)
    with bind(settings.host, settings.port) as listener:
        app = policy_app(_choice(settings).open(), access)
        ready(address_of(settings, listener).rstrip("/"))
        run(app, listener, settings, LARGEST_BYTES)
    return 0


def _choice(settings: Settings) -> PolicyChoice:
    return PolicyChoice(
        data=settings.data,
        adapter=settings.adapter,
        base=settings.base or DEFAULT,
        bits=settings.bits,
        cameras_of=settings.cameras_of,
    )
