"""The product's own web application over a data folder, with nothing that starts a process."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from teachloop.app.processes import job_launcher
from teachloop.app.web.application import Site, build
from teachloop.app.web.auth import Guard
from teachloop.app.web.routes import station as station_routes
from teachloop.app.web.station_process import StationProcess
from teachloop.recorder.devices.settings import ProcessSettings
from teachloop.recorder.drivers.trial import TrialResult
from teachloop.runtime.access import Access
from teachloop.training.adapters.card import AdapterCard, write_card
from teachloop.training.policies.base_names import DEFAULT

from .samples import label, record
from .surfaces.jobs import NoLauncher

ADAPTER_ID = "20270303-000000-abcd"


class NoStation(StationProcess):
    """Its settings can be read and saved; nothing is started."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def _not_tried(settings: ProcessSettings) -> TrialResult:
    return TrialResult(ok=True, text="Nothing was opened.")


def make_site(data: Path) -> ASGIApp:
    """The application that pages are served by, over a take, an adapter and no station."""
    label(record(data))
    folder = data / "adapters" / ADAPTER_ID
    folder.mkdir(parents=True)
    card = AdapterCard(name="mine", base=DEFAULT, base_sha256="", takes=(), statistics={})
    write_card(folder, card)
    job_launcher.LAUNCHER = NoLauncher()  # type: ignore[assignment]
    station_routes.try_devices = _not_tried
    return build(Site(data, Access(), NoStation(data)))


def routes(app: ASGIApp) -> Iterator[tuple[str, str]]:
    """Method and path of every route, ours and Gradio's, out of the application's own table."""
    while not hasattr(app, "routes"):
        app = app.app  # type: ignore[attr-defined]
    yield from _walked(app.routes)  # type: ignore[attr-defined]


def _walked(table: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in table:
        if isinstance(route, Route):
            yield from ((method, route.path) for method in sorted(route.methods or ()))
        elif isinstance(route, Mount):
            yield from [("GET", f"{route.path}/{{rest}}")] if route.path else []
            yield from _walked(route.routes)
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _walked(router.routes)


def guarded(app: ASGIApp, password: str) -> ASGIApp:
    """The same behind a password."""
    with contextlib.suppress(AttributeError):
        app = app.app  # type: ignore[attr-defined]
    return Guard(app, Access(password=password))
