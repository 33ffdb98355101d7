"""The web process: our routes and socket, the Gradio page, one guard in front of all."""

import asyncio
import contextlib
import os
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import uvicorn
from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.types import ASGIApp

from ...datasets.errors import NoSuchTake, NothingShown
from ...jobs.folder import NoSuchJob
from ...recorder.devices.settings_file import BadSettings
from ...runtime.access import Access, session_key
from ...runtime.errors import TeachloopError
from ...runtime.validation import Invalid, explain
from ...training.adapters.registry import NoSuchAdapter
from .auth import Guard
from .compression import PlainNearby
from .errors import NoCertificate, NoSuchFile, PortTaken
from .labeler_proxy import NotThere
from .station_process import StationProcess

PASSWORD_VARIABLE = "TEACHLOOP_PASSWORD"
BACKLOG = 128
MAX_PORT = 65535
LARGEST_MESSAGE = 1 << 24
MISSING = (NoSuchTake, NothingShown, NotThere, NoSuchFile, NoSuchJob, NoSuchAdapter)


class UnusableCertificate(TeachloopError):
    def __init__(self, what: str, reason: str | Exception) -> None:
        super().__init__(
            f"{what} cannot be used: {reason}. Give a certificate and its key as PEM files without "
            "a passphrase."
        )


class Listening(Protocol):
    """Where a command listens, and for whom; see ``teachloop serve`` for the meaning."""

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


class Settings(Listening, Protocol):
    """What the command line gives for the pages."""

    @property
    def data(self) -> Path: ...
    @property
    def source(self) -> str | None: ...
    @property
    def station(self) -> Path | None: ...


@dataclass(frozen=True, slots=True)
class Site:
    """What is served, and by whom it may be seen."""

    data: Path
    access: Access
    station: StationProcess


def serve(settings: Settings, ready: Callable[[str], None] = lambda address: None) -> int:
    """Serve until interrupted; ``ready`` is told the address once pages are answered.

    Raises NoCertificate, UnusableCertificate, AddressRefused, PortTaken.
    """
    data = settings.data.resolve()
    require_certificate(settings)
    password = settings.password or os.environ.get(PASSWORD_VARIABLE) or None
    access = Access(
        host=settings.host,
        password=password,
        key=session_key(data),
        secure=settings.certificate is not None,
    )
    # Connections that come while we still start wait in the backlog.
    listener = bind(settings.host, settings.port)
    station = station_process(data, settings)
    # uvicorn hands a signal on once it has shut down; the station is to be ended after that.
    signal.signal(signal.SIGTERM, _leave)
    # It starts while Gradio is imported: together they fit into the time of one.
    station.start()
    try:
        app = build(Site(data, access, station), lambda: ready(address_of(settings, listener)))
        run(app, listener, settings)
    finally:
        station.stop()
    return 0


def station_process(data: Path, settings: Settings) -> StationProcess:
    """The station that is asked for. Raises BadSettings."""
    file = settings.station.resolve() if settings.station else None
    station = StationProcess(data, file, settings.source)
    _ = station.settings  # what is wrong with them is said before anything starts
    return station


def require_certificate(settings: Listening) -> None:
    """Raises NoCertificate, UnusableCertificate."""
    certificate, key = settings.certificate, settings.certificate_key
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise NoCertificate(path)
    if certificate is not None:
        _require_fitting(certificate, key)
    elif key is not None:
        raise UnusableCertificate(str(key), "it is a key without a --certificate")


def _require_fitting(certificate: Path, key: Path | None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=_no_passphrase)
    except (OSError, ValueError) as error:
        what = f"{certificate} with {key}" if key else str(certificate)
        raise UnusableCertificate(what, error) from error


def _no_passphrase() -> str:
    """Nobody may be there to be asked."""
    raise ValueError("its key asks for a passphrase")


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free. Raises PortTaken."""
    if not 0 <= port <= MAX_PORT:
        raise PortTaken(host, port, f"ports are 0 to {MAX_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(host, port, error.strerror or str(error)) from error
    listener.listen(BACKLOG)
    return listener


def build(site: Site, ready: Callable[[], None] = lambda: None) -> ASGIApp:
    """The whole application, guarded."""
    from ..pages.frame import blocks, theme
    from ..pages.modules import Modules, head
    from ..processes.job_kinds import KINDS
    from ..processes.job_launcher import LAUNCHER
    from .routes.adapters import adapter_routes
    from .routes.jobs import JobRoutes, job_routes
    from .routes.labels import label_routes
    from .routes.station import in_words, station_routes
    from .routes.takes import take_routes
    from .routes.tasks import task_routes
    from .state import AppState

    app_state = AppState(site.data, site.station)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app_state.start()
        asyncio.get_running_loop().call_soon(ready)
        yield
        await app_state.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_exception_handler(TeachloopError, _in_words)
    app.add_exception_handler(BadSettings, in_words)
    app.add_exception_handler(RequestValidationError, _misfits)
    app.add_exception_handler(UnicodeEncodeError, _in_words)  # a text with half a character
    app.include_router(take_routes(app_state))
    app.include_router(task_routes(site.data, site.station.simulated))
    app.include_router(label_routes(app_state))
    app.include_router(station_routes(app_state))
    app.include_router(job_routes(JobRoutes(site.data, KINDS, LAUNCHER, app_state.jobs)))
    app.include_router(adapter_routes(site.data))
    app.mount("/modules/{version}", Modules())

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await app_state.serve(socket)

    gr = _gradio()
    page = gr.mount_gradio_app(
        app,
        blocks(),
        path="/",
        theme=theme(),
        head=head(),
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        show_error=False,
    )
    return Guard(PlainNearby(page), site.access)


async def _in_words(request: Request, error: Exception) -> JSONResponse:
    missing, invalid = isinstance(error, MISSING), isinstance(error, Invalid)
    status = 404 if missing else 422 if invalid else 400
    return JSONResponse({"error": str(error)}, status)


async def _misfits(request: Request, error: Exception) -> JSONResponse:
    """A request whose fields are not what they should be."""
    assert isinstance(error, RequestValidationError)
    mistakes: list[ErrorDetails] = list(error.errors())
    for each in mistakes:
        each["loc"] = each["loc"][1:]  # without body, query or path
    return JSONResponse({"error": explain(mistakes)}, 422)


def _gradio() -> Any:
    from ..pages.gradio_import import import_gradio

    return import_gradio()


def address_of(settings: Listening, listener: socket.socket) -> str:
    """What a browser or a station is told."""
    scheme = "https" if settings.certificate else "http"
    host = socket.gethostname() if settings.host in ("0.0.0.0", "::") else settings.host
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{listener.getsockname()[1]}/"


def run(
    app: ASGIApp,
    listener: socket.socket,
    settings: Listening,
    largest_message: int = LARGEST_MESSAGE,
) -> None:
    """Serve until interrupted. ``largest_message``: bytes that one may send at a time."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=largest_message,
        ws_per_message_deflate=False,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.certificate_key,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])
