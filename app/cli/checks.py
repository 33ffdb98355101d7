"""What `teachloop test` runs: style, types, import rules, the pages' JavaScript, and the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
TESTS = "tests"
# each ends with 0 where all is well
PROGRAMS = (
    "lerobot_export.py",
    "robomimic_export.py",
    "rlds_export.py",
    "mcap_export.py",
    "faces_export.py",
)
PYTEST_FOUND_NOTHING = 5
TRIES = 3
FAILED_BEFORE = ("--last-failed", "--last-failed-no-failures=all")


class NotASourceTree(TeachloopError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The tests are not part of the installed package in {folder}. "
            "Clone the repository and run ./teachloop test there."
        )


def run_checks(pytest_arguments: Sequence[str] = ()) -> int:
    """Run everything, also after a failure; 0 when all is well. What only reads the code, most
    of the time on one core, runs beside the tests that have company anyway. Raises
    NotASourceTree."""
    _require_source_tree()
    console = Console(stderr=True)
    runs = {name: _program(command) for name, command in CHECKS.items()}
    failed = []
    try:
        runs |= page_checks()
    except NoPageTools as error:
        console.print(f"[yellow]page style, page types: SKIPPED. {error}")
        failed += ["page checks"] if must_run() else []
    tests = _pytest_runs(pytest_arguments)
    with ThreadPoolExecutor() as threads:
        reading = {name: threads.submit(_ended, command) for name, command in runs.items()}
        failed += [] if _passes(TESTS, tests.pop(TESTS)) else [TESTS]
        failed += [name for name, ended in reading.items() if not _passed(name, ended.result())]
    failed += [name for name, command in tests.items() if not _passes_in_the_end(name, command)]
    console.print(f"[red]failed: {', '.join(failed)}" if failed else "[green]everything passed")
    return 1 if failed else 0


def run_interop() -> int:
    """Try what we write on programs of others; 0 when all is well. Raises NotASourceTree."""
    _require_source_tree()
    folder = ROOT / TESTS / "interop"
    failed = [name for name in PROGRAMS if not _passes(name, [sys.executable, str(folder / name)])]
    return 1 if failed else 0


def _require_source_tree() -> None:
    """Raises NotASourceTree."""
    if not (ROOT / "pyproject.toml").is_file():
        raise NotASourceTree(ROOT)


def _pytest_runs(arguments: Sequence[str]) -> dict[str, list[str]]:
    """Tests that tick in real time or open a browser come after the others, with nothing beside:
    two at once keep two cores busy, and some then fail for want of them."""
    pytest = [sys.executable, "-m", "pytest", "-q", "--durations=20"]
    if arguments:
        return {TESTS: [*pytest, *arguments]}
    return {
        TESTS: [*pytest, "-n", "2", "-m", "not real_time and not hardware"],
        "tests in real time": [*pytest, "-m", "real_time and not hardware"],
    }


def _program(command: Sequence[str]) -> list[str]:
    return [str(Path(sys.executable).parent / command[0]), *command[1:]]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    seconds: float
    said: str = ""


def _ended(command: Sequence[str], aside: bool = True) -> Ended:
    """Run a program; what one says that runs aside is kept for later."""
    start = time.monotonic()
    output = subprocess.PIPE if aside else None
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), stdout=output, stderr=output and subprocess.STDOUT
    )
    said = (done.stdout or b"").decode(errors="replace")
    return Ended(done.returncode, time.monotonic() - start, said)


def _passes(name: str, command: Sequence[str]) -> bool:
    """Run a program whose words are seen as it says them."""
    Console(stderr=True).rule(name)
    return _told(name, _ended(command, aside=False))


def _passes_in_the_end(name: str, command: Sequence[str]) -> bool:
    """What fails is run again, twice at most, with new servers and a new browser: what else the
    machine did is no fault of ours."""
    passed = _passes(name, command)
    for _ in range(TRIES - 1):
        passed = passed or _passes(f"{name}, what failed", [*command, *FAILED_BEFORE])
    return passed


def _passed(name: str, ended: Ended) -> bool:
    """Say what a program said that ran aside."""
    console = Console(stderr=True)
    console.rule(name)
    console.print(ended.said.rstrip(), markup=False, highlight=False)
    return _told(name, ended)


def _told(name: str, ended: Ended) -> bool:
    """Say whether a program passed."""
    passed = ended.code in (0, PYTEST_FOUND_NOTHING)
    words = f"{name}: {'passed' if passed else 'FAILED'}, {ended.seconds:.0f} s"
    Console(stderr=True).print(words)
    return passed


def _environment() -> dict[str, str]:
    # Each worker's numerical libraries would otherwise start a thread for each core.
    return {**os.environ, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
