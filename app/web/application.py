"""What is served: our routes and socket, the Gradio page, one guard in front of all."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from sqlalchemy.exc import OperationalError
from starlette.routing import Mount
from starlette.types import ASGIApp

from ...datasets.errors import NoSuchTake, NothingShown
from ...jobs.folder import NoSuchJob
from ...runtime.access import Access
from ...runtime.disk_errors import DiskRefused, in_words, is_refused
from ...runtime.errors import TeachloopError
from ...runtime.started_pool import started_pool
from ...runtime.validation import Invalid, explain, field_name
from ...training.adapters.registry import NoSuchAdapter
from ...training.trials.store import NoSuchStudy
from .auth import Guard
from .compression import PlainNearby
from .errors import NoSuchFile
from .held_files import FileSet, HeldFiles
from .labeler_proxy import DamagedLabels, NotThere
from .page_only import PageOnly
from .preloading import Preloading
from .request_limits import RequestLimits
from .roles import LOOKS, NotAllowed
from .sessions import ENDED
from .station_process import StationProcess

logger = logging.getLogger(__name__)
WORKERS = 8  # threads for what would keep the page's messages waiting
MISSING = (NoSuchTake, NothingShown, NotThere, NoSuchFile, NoSuchJob, NoSuchAdapter, NoSuchStudy)


@dataclass(frozen=True, slots=True)
class Site:
    """What is served, and by whom it may be seen."""

    data: Path
    access: Access
    station: StationProcess


def build(site: Site, ready: Callable[[], None] = lambda: None) -> ASGIApp:
    """The whole application, guarded."""
    from .routes.routers import routers
    from .state import AppState

    app_state = AppState(site.data, site.station)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(started_pool(WORKERS, "work"))
        app_state.start()
        loop.call_soon(ready)
        yield
        await app_state.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    _answer_errors(app)
    for router in routers(app_state):
        app.include_router(router)

    @app.websocket("/live", dependencies=[LOOKS])
    async def live(socket: WebSocket) -> None:
        await app_state.serve(socket)

    ended = site.data / ENDED
    shown = HeldFiles(_with_page(app), _file_sets())
    return Guard(RequestLimits(PlainNearby(shown)), site.access, ended)


def _answer_errors(app: FastAPI) -> None:
    """Every refusal is answered in words."""
    app.add_exception_handler(TeachloopError, _in_words)
    app.add_exception_handler(RequestValidationError, _misfits)
    app.add_exception_handler(OSError, _not_stored)
    app.add_exception_handler(OperationalError, _not_stored)  # SQLite's way to say the same
    app.add_exception_handler(UnicodeEncodeError, _in_words)  # a text with half a character


def _with_page(app: FastAPI) -> ASGIApp:
    """The application with the Gradio page at its root."""
    from ..pages.frame import blocks, theme
    from ..pages.modules import head, preloads

    _gradio().mount_gradio_app(
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
    mount = app.routes[-1]
    assert isinstance(mount, Mount), "Gradio was not mounted last"
    mount.app = PageOnly(Preloading(mount.app, preloads()))
    return app


def _file_sets() -> list[FileSet]:
    """Our pages' scripts and styles, and Gradio's."""
    from ..pages import gradio_import, modules

    gradio = (path for path in gradio_import.assets().iterdir() if path.is_file())
    return [
        FileSet(modules.ADDRESS, modules.modules()),
        FileSet(gradio_import.ADDRESS, {path.name: [path] for path in gradio}),
    ]


async def _in_words(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Invalid):
        return JSONResponse({"error": str(error), "field": error.field}, 422)
    return JSONResponse({"error": str(error)}, _code(error))


async def _not_stored(request: Request, error: Exception) -> JSONResponse:
    """What the disk of the data folder does not do."""
    words, refused = in_words(error, "The server could not do it"), is_refused(error)
    path = request.url.path
    logger.error("%s %s: %s", request.method, path, words, exc_info=None if refused else error)
    return JSONResponse({"error": words}, 507 if refused else 500)


def _code(error: Exception) -> int:
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, DiskRefused):
        return 507
    if isinstance(error, DamagedLabels):
        return 409
    return 404 if isinstance(error, MISSING) else 400


async def _misfits(request: Request, error: Exception) -> JSONResponse:
    """A request whose fields are not what they should be."""
    assert isinstance(error, RequestValidationError)
    mistakes: list[ErrorDetails] = list(error.errors())
    for each in mistakes:
        each["loc"] = each["loc"][1:]  # without body, query or path
    return JSONResponse({"error": explain(mistakes), "field": field_name(mistakes[0])}, 422)


def _gradio() -> Any:
    from ..pages.gradio_import import import_gradio

    return import_gradio()
