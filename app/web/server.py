"""The web process: where it listens, for whom, and until when."""

import os
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp

from ...recorder.devices.desk_account import DeskAccount
from ...recorder.devices.settings_file import BadSettings
from ...recorder.devices.station_choice import StationChoice
from ...recorder.remote.address import StationAddress, is_station_address
from ...runtime.access import Access, session_key
from ...runtime.errors import TeachloopError
from ...runtime.ipc.curve_keys import default_keys
from .application import Site, build
from .errors import NoCertificate, PortTaken
from .remote_station import RemoteStation
from .station_process import StationProcess

PASSWORD = "TEACHLOOP_PASSWORD"
LABEL_PASSWORD = "TEACHLOOP_LABEL_PASSWORD"
LOOK_PASSWORD = "TEACHLOOP_LOOK_PASSWORD"
BACKLOG = 128
MAX_PORT = 65535
LARGEST_MESSAGE = 1 << 24


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
    def station(self) -> str: ...
    @property
    def robot(self) -> str: ...
    @property
    def robot_address(self) -> str: ...
    @property
    def keys(self) -> Path | None: ...
    @property
    def name(self) -> tuple[str, ...]: ...
    @property
    def label_password(self) -> str: ...
    @property
    def look_password(self) -> str: ...


def serve(settings: Settings, ready: Callable[[str], None] = lambda address: None) -> int:
    """Serve until interrupted; ``ready`` is told the address once pages are answered.

    Raises NoCertificate, UnusableCertificate, PortTaken, and what ``Access`` refuses.
    """
    data = settings.data.resolve()
    require_certificate(settings)
    access = access_of(settings, data)
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
        station.leave()
    return 0


def access_of(settings: Settings, data: Path) -> Access:
    """Who may come in. Raises what ``Access`` refuses."""
    return Access(
        host=settings.host,
        names=settings.name,
        password=secret(settings.password, PASSWORD),
        label_password=secret(settings.label_password, LABEL_PASSWORD),
        look_password=secret(settings.look_password, LOOK_PASSWORD),
        key=session_key(data),
        secure=settings.certificate is not None,
    )


def secret(given: str, variable: str) -> str | None:
    """What was given, or the variable holds, which no process that we start inherits then."""
    held = os.environ.pop(variable, "")
    return given or held or None


def station_process(data: Path, settings: Settings) -> StationProcess:
    """The station that is asked for. Raises BadSettings, and what ``RemoteStation`` does."""
    if is_station_address(settings.station):
        if settings.source or settings.robot or settings.robot_address:
            reason = "says which devices it has; name none here."
            raise BadSettings("The station", settings.station, reason)
        keys = settings.keys or default_keys()
        station = RemoteStation(data, StationAddress.parse(settings.station), keys)
    else:
        choice = StationChoice(
            file=Path(settings.station).resolve() if settings.station else None,
            preset=settings.source,
            robot=settings.robot,
            address=settings.robot_address,
        )
        station = StationProcess(data, choice, DeskAccount.taken())
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
    # Named as TCP, for asyncio sends at once (TCP_NODELAY) only where a socket says that it is.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(host, port, error.strerror or str(error)) from error
    listener.listen(BACKLOG)
    return listener


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
        proxy_headers=False,  # whoever may set them could say to be anybody
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])
