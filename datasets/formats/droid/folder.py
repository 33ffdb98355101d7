"""Where episodes lie below a folder: ``success/2023-07-07/Fri_Jul__7_09:42:23_2023``, or any part
of it."""

import os
from pathlib import Path

TRAJECTORY = "trajectory.h5"
VIDEOS = Path("recordings", "MP4")
STEREO = "-stereo"  # both eyes of a camera side by side, which the other video has one of
DEEPEST = 8
MOST = 100_000  # episodes


def folders_in(folder: Path) -> list[Path]:
    """Those of all episodes, in their order; none where there is none."""
    found: list[Path] = []
    for path, folders, files in os.walk(folder):
        here = Path(path)
        if TRAJECTORY in files:
            found.append(here)
            folders.clear()
        if len(here.relative_to(folder).parts) >= DEEPEST or len(found) >= MOST:
            folders.clear()
    return sorted(found)


def videos_in(episode: Path) -> dict[str, Path]:
    """By the serial number of the camera."""
    found = sorted((episode / VIDEOS).glob("*.mp4"))
    return {path.stem: path for path in found if not path.stem.endswith(STEREO)}
