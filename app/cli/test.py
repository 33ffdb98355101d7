"""`teachloop test`."""

from dataclasses import dataclass
from typing import Annotated

import tyro


@dataclass(frozen=True)
class RunTests:
    """Lint, types, import rules and all tests, the browser's included."""

    pytest_arguments: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Handed on to pytest, for example: tests/datasets -k damaged."""

    def run(self) -> int:
        from .checks import run_checks

        return run_checks(self.pytest_arguments)
