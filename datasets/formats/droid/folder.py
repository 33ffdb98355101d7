"""Where episodes lie below a folder: ``success/2023-07-07/Fri_Jul__7_09:42:23_2023``, or any part
of it."""

from pathlib import Path

from ..imported.folders import folders_with

TRAJECTORY = "trajectory.h5"
VIDEOS = Path("recordings", "MP4")
STEREO = "-stereo"  # both eyes of a camera side by side, which the other video has one of


def folders_in(folder: Path) -> list[Path]:
    """Those of all episodes, in their order; none where there is none."""
    return sorted(folders_with(TRAJECTORY, folder))


def videos_in(episode: Path) -> dict[str, Path]:
    """By the serial number of the camera."""
    found = sorted((episode / VIDEOS).glob("*.mp4"))
    return {path.stem: path for path in found if not path.stem.endswith(STEREO)}
