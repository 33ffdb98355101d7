"""`teachloop test`."""

from dataclasses import dataclass
from typing import Annotated

import tyro


@dataclass(frozen=True)
class RunTests:
    """Lint, types, import rules and all tests, the browser's included."""

    pytest_arguments: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Handed on to pytest, for example: tests/datasets -k damaged."""
    interop: bool = False
    """Instead: open what we export with programs of others, in environments that are made for it
    (some GB, once)."""

    def run(self) -> int:
        from .checks import run_checks, run_interop

        if self.interop:
            return run_interop()
        return run_checks(self.pytest_arguments)
