"""The whole demo from a wheel, in an empty environment and an empty folder.

    python benchmarks/wheel_demo.py [--seed 11] [--episodes 20] [--rollouts 50]

The environment takes some minutes to make; TEACHLOOP_PYTHON names another Python for it. What is
not committed is not shipped: the wheel is built from a clone.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frame import Bar, Figures, Options, run, say

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    episodes: int = 20
    """Takes to record."""
    rollouts: int = 50
    """Unseen layouts to try."""


def measure(asked: Asked) -> Figures:
    """The demo's own last line, and how long it took."""
    with tempfile.TemporaryDirectory() as folder:
        program = installed(Path(folder))
        say("installed")
        began = time.monotonic()
        line = demo(program, Path(folder) / "empty", asked)
    kept = {name: value for name, value in line.items() if not name.endswith("_dir")}
    return {**kept, "seed": asked.seed, "wall_s": round(time.monotonic() - began)}


def installed(scratch: Path) -> Path:
    """The program that a wheel of this tree brings into an environment of its own."""
    tree, environment = scratch / "tree", scratch / "environment"
    python = os.environ.get("TEACHLOOP_PYTHON", sys.executable)
    pip = [str(environment / "bin" / "pip"), "--quiet"]
    wheels = str(scratch / "wheel")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(tree)], check=True)
    subprocess.run([python, "-m", "venv", str(environment)], check=True)
    subprocess.run([*pip, "wheel", "--no-deps", "-w", wheels, str(tree)], check=True)
    (wheel,) = Path(wheels).glob("*.whl")
    pins = ["--constraint", str(tree / "constraints.txt")]
    subprocess.run([*pip, "install", *pins, str(wheel)], check=True)
    return environment / "bin" / "teachloop"


def demo(program: Path, folder: Path, asked: Asked) -> dict[str, Any]:
    """Runs it; raises CalledProcessError where it fails."""
    folder.mkdir()
    sizes = (2, 2, "tiny") if asked.quick else (asked.episodes, asked.rollouts, "quick")
    names = ("--episodes", "--rollouts", "--preset")
    options = [str(word) for pair in zip(names, sizes, strict=True) for word in pair]
    command = [str(program), "demo", *options, "--seed", str(asked.seed), "--json"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Ten minutes on two cores; what it teaches is judged over several seeds elsewhere."""
    return [Bar("seconds", figures["wall_s"], most=600)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
