"""LeRobot's own writer beside ours: what it is given, and what it answers."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .measured_process import ProgramFailed, measured

SCRIPT = Path(__file__).with_name("lerobot_writing.py")
WAYS = {"0.4.4": "as it comes", "0.6.1": "streaming"}
Frames = NDArray[np.uint8]  # (different takes, ticks, height, width, 3)


@dataclass(frozen=True, slots=True)
class Wrote:
    """What it needed."""

    seconds: float
    cpu_s: float
    peak_mb: float


def give(folder: Path, frames: Frames, takes: int, fps: int) -> None:
    """So many takes of these pictures, in turn."""
    np.save(folder / "frames.npy", frames)
    ticks = frames.shape[1]
    state, action = np.zeros((ticks, 8), "f4"), np.zeros((ticks, 10), "f4")
    streams = {"observation.state": state, "action": action}
    np.savez(folder / "streams.npz", allow_pickle=False, **streams)
    (folder / "settings.json").write_text(json.dumps({"fps": fps, "takes": takes}))


def write(folder: Path, root: Path, version: str, python: str) -> Wrote:
    """What it was given, into a new folder. Raises ProgramFailed, OSError."""
    if not python:
        raise ProgramFailed("no Python that has it was named")
    way = WAYS[version].split()[0]
    needed = measured([python, str(SCRIPT), str(folder), str(root), way], ours=False)
    lines = [line for line in needed.output.splitlines() if line.startswith("answer ")]
    answer = json.loads(lines[-1].removeprefix("answer "))
    return Wrote(answer["seconds"], answer["cpu_s"], needed.peak_mb)


def pictures_of(root: Path) -> list[Path]:
    """The videos that were written."""
    return sorted((root / "videos").rglob("*.mp4"))
