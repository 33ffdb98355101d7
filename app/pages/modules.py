"""Our own scripts and styles, as a browser asks for them."""

from pathlib import PurePath
from typing import Any

from starlette.staticfiles import StaticFiles

from .shell import PAGES

SERVED = (".js", ".css")
SHOWN_FIRST = ("bar", "record")
WORKERS = ("shared/heartbeat.js",)  # loaded apart from the page


class Modules(StaticFiles):
    """The pages' scripts and styles, and nothing else of their folder. Their address changes
    with them, so they may be kept."""

    def __init__(self) -> None:
        super().__init__(directory=PAGES)

    def lookup_path(self, path: str) -> Any:
        """Nothing where it is neither."""
        return super().lookup_path(path) if PurePath(path).suffix in SERVED else ("", None)

    def file_response(self, *args: Any, **kwargs: Any) -> Any:
        """Kept for ever by the browser."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "private, max-age=31536000, immutable"
        return response


def version() -> str:
    """Changes whenever a script or style does, so that a browser may keep the others for ever."""
    served = (path for path in PAGES.rglob("*") if path.suffix in SERVED)
    return f"{max(path.stat().st_mtime_ns for path in served):x}"


def head() -> str:
    """What Gradio puts at the end of the page's head, after its own styles: ours."""
    base = f"/modules/{version()}"
    links = [f'<link rel="stylesheet" href="{base}/{name}">' for name in _sheets()]
    links += [
        f'<script>window.teachloopPage = (name, element) => import("{base}/" + name + "/page.js")'
        ".then((module) => module.mount(element));</script>",
        f'<script type="module" src="{base}/shared/theme.js"></script>',
        '<meta name="viewport" content="width=device-width">',
    ]
    return "\n".join(links)


def preloads() -> str:
    """What a browser may fetch while Gradio's scripts are on their way."""
    base = f"/modules/{version()}"
    first = [name for name in _named("shared/**/*.js") if name not in WORKERS]
    first += [name for page in SHOWN_FIRST for name in _named(f"{page}/*.js")]
    links = [f'<link rel="preload" as="style" href="{base}/{name}">' for name in _sheets()]
    links += [f'<link rel="modulepreload" href="{base}/{name}">' for name in first]
    return "\n".join(link.replace("<link", '<link fetchpriority="low"') for link in links)


def _sheets() -> list[str]:
    shared = _named("shared/**/*.css")
    return shared + [name for name in _named("*/*.css") if name not in shared]


def _named(pattern: str) -> list[str]:
    return sorted(path.relative_to(PAGES).as_posix() for path in PAGES.glob(pattern))
