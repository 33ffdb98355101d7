"""The whole demo, seed after seed: what one sitting teaches, and how long it takes.

    python benchmarks/demo.py [--seeds 11 12 13 14] [--episodes 20] [--rollouts 50]

Takes about ten minutes a seed on two cores; run nothing beside it. Writes
benchmarks/results/demo.json: the demo's own last line for each seed, with the time it took.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

RESULT = Path(__file__).parent / "results" / "demo.json"
PLACES = ("take_dir", "adapter_dir")  # gone with the demo's folder


def run(seed: int, episodes: int, rollouts: int) -> dict[str, Any]:
    """One demo in a folder of its own; raises CalledProcessError where it fails."""
    sizes = ["--episodes", str(episodes), "--rollouts", str(rollouts)]
    command = ["-m", "teachloop.app.cli", "demo", *sizes, "--seed", str(seed), "--json"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, *command, "--out", f"{folder}/demo"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    line = json.loads(done.stdout.splitlines()[-1])
    kept = {name: value for name, value in line.items() if name not in PLACES}
    return {"seed": seed, **kept, "wall_s": round(time.monotonic() - began)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14])
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--rollouts", type=int, default=50)
    options = parser.parse_args()
    demos = []
    for seed in options.seeds:
        demos.append(run(seed, options.episodes, options.rollouts))
        print(demos[-1], flush=True)
        result = {"cores": len(psutil.Process().cpu_affinity()), "demos": demos}
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
