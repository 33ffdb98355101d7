"""Our own scripts and styles, as a browser asks for them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from .shell import PAGES

ADDRESS = re.compile(r"/modules/\w+/")  # what stands before their names: changes with them
SHEET = "sheet.css"  # all styles, in one
SHOWN_FIRST = ("bar", "record")
WORKERS = ("shared/heartbeat.js",)  # loaded apart from the page


def modules() -> Mapping[str, Sequence[Path]]:
    """What is served by which name: scripts, each as it is, and one sheet of all styles."""
    served: dict[str, Sequence[Path]] = {name: [PAGES / name] for name in _named("**/*.js")}
    return served | {SHEET: [PAGES / name for name in _sheets()]}


def version() -> str:
    """Changes whenever a script or style does, so that a browser may keep the others for ever."""
    served = (path for paths in modules().values() for path in paths)
    return f"{max(path.stat().st_mtime_ns for path in served):x}"


def head() -> str:
    """What Gradio puts at the end of the page's head, after its own styles: ours."""
    base = f"/modules/{version()}"
    links = [
        f'<link rel="stylesheet" href="{base}/{SHEET}">',
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
    links = [f'<link rel="preload" as="style" href="{base}/{SHEET}">']
    links += [f'<link rel="modulepreload" href="{base}/{name}">' for name in first]
    return "\n".join(link.replace("<link", '<link fetchpriority="low"') for link in links)


def _sheets() -> list[str]:
    shared = _named("shared/**/*.css")
    return shared + [name for name in _named("*/*.css") if name not in shared]


def _named(pattern: str) -> list[str]:
    return sorted(path.relative_to(PAGES).as_posix() for path in PAGES.glob(pattern))
