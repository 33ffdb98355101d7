"""Gradio without its type stubs, without pandas, and without a word to the outside.

On every import Gradio rewrites a ``.pyi`` file beside each of its components. That is more
than half of its import time (4.1 s against 1.7 s), needs write access to the installed
package, and is of no use to a running program. It also imports pandas, another sixth, for
components that no page of ours has: that waits until somebody asks pandas for something.
"""

import os
import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from pathlib import Path
from types import ModuleType

ADDRESS = re.compile("/assets/")  # of Gradio's own scripts and styles
QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "OTEL_SDK_DISABLED": "true",
}
OFFLINE = "HF_HUB_OFFLINE"  # read once, when Hugging Face's library is imported


class _Lightened(MetaPathFinder):
    """Finds ``gradio.component_meta`` and takes the writing of stubs out of it; finds pandas, and
    leaves it unread."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            return _later(PathFinder.find_spec(fullname, path, target))
        if fullname != "gradio.component_meta":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            run = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                run(module)
                module.create_or_modify_pyi = lambda *_: None  # type: ignore[attr-defined]

            spec.loader.exec_module = exec_module
        return spec


def _later(spec: ModuleSpec | None) -> ModuleSpec | None:
    if spec and spec.loader:
        spec.loader = LazyLoader(spec.loader)
    return spec


def import_gradio() -> ModuleType:
    """The gradio package, imported once. Jobs that this process starts may download a base."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    finder, found = _Lightened(), os.environ.get(OFFLINE)
    sys.meta_path.insert(0, finder)
    os.environ[OFFLINE] = "1"
    try:
        import gradio
    finally:
        sys.meta_path.remove(finder)
        os.environ.pop(OFFLINE)
        os.environ |= {OFFLINE: found} if found is not None else {}
    return gradio


def assets() -> Path:
    """The folder of Gradio's own scripts and styles, whose names change with what they hold."""
    import_gradio()
    from gradio.route_utils import BUILD_PATH_LIB

    return Path(BUILD_PATH_LIB)
