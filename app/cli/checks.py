"""What `teachloop test` runs: style, types, import rules, the pages' JavaScript, and the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from ...runtime.errors import TeachloopError
from .page_checks import NoPageTools, must_run, page_checks

ROOT = Path(__file__).resolve().parents[2]
CHECKS: dict[str, tuple[str, ...]] = {
    "style": ("ruff", "check", "--no-cache"),
    "format": ("ruff", "format", "--check", "--no-cache"),
    "types": ("pyright",),
    "imports": ("lint-imports", "--no-cache"),
}
PYTEST_FOUND_NOTHING = 5


class NotASourceTree(TeachloopError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The tests are not part of the installed package in {folder}. "
            "Clone the repository and run ./teachloop test there."
        )


def run_checks(pytest_arguments: Sequence[str] = ()) -> int:
    """Run everything, also after a failure; 0 when all is well. Raises NotASourceTree."""
    if not (ROOT / "pyproject.toml").is_file():
        raise NotASourceTree(ROOT)
    console = Console(stderr=True)
    runs = {name: _program(command) for name, command in CHECKS.items()}
    failed = []
    try:
        runs |= page_checks()
    except NoPageTools as error:
        console.print(f"[yellow]page style, page types: SKIPPED. {error}")
        failed += ["page checks"] if must_run() else []
    runs |= _pytest_runs(pytest_arguments)
    failed += [name for name, command in runs.items() if not _passes(name, command)]
    console.print(f"[red]failed: {', '.join(failed)}" if failed else "[green]everything passed")
    return 1 if failed else 0


def _pytest_runs(arguments: Sequence[str]) -> dict[str, list[str]]:
    """Tests that measure time or open a browser run after the others, with nothing beside; one
    that fails is run again, twice at most, and marked: what else the machine did is no fault of
    ours."""
    pytest = [sys.executable, "-m", "pytest", "-q"]
    if arguments:
        return {"tests": [*pytest, *arguments]}
    return {
        "tests": [*pytest, "-n", "2", "-m", "not alone and not hardware"],
        "tests alone": [*pytest, "-m", "alone and not hardware", "--reruns", "2"],
    }


def _program(command: Sequence[str]) -> list[str]:
    return [str(Path(sys.executable).parent / command[0]), *command[1:]]


def _passes(name: str, command: Sequence[str]) -> bool:
    console = Console(stderr=True)
    console.rule(name)
    start = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env=_environment()).returncode
    passed = code in (0, PYTEST_FOUND_NOTHING)
    console.print(f"{name}: {'passed' if passed else 'FAILED'}, {time.monotonic() - start:.0f} s")
    return passed


def _environment() -> dict[str, str]:
    # Each worker's numerical libraries would otherwise start a thread for each core.
    return {**os.environ, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
