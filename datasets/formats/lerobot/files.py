"""Numbered files in numbered folders, each of a certain size at most."""

from dataclasses import dataclass
from pathlib import Path

FILES_OF_A_CHUNK = 1000
DATA_MB, VIDEO_MB = 100, 200
DATA = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
EPISODES = "meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
MASKS = "masks/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
VIDEO = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
INFO, STATS, TASKS, SUBTASKS, ABOUT = (
    f"meta/{name}"
    for name in (
        "info.json",
        "stats.json",
        "tasks.parquet",
        "subtasks.parquet",
        "teachloop.json",
    )
)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Which of the files of one kind."""

    chunk: int
    file: int


class Numbering:
    """Names of files, in their order."""

    def __init__(self, root: Path, template: str) -> None:
        self._root, self._template = root, template
        self._count = 0

    @property
    def place(self) -> FilePlace:
        """Of the newest."""
        return FilePlace(*divmod(self._count - 1, FILES_OF_A_CHUNK))

    def next_path(self) -> Path:
        """The next one, in a folder that is there."""
        self._count += 1
        place = self.place
        name = self._template.replace("{chunk_index:03d}", f"{place.chunk:03d}")
        path = self._root / name.replace("{file_index:03d}", f"{place.file:03d}")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def video_key(camera: str) -> str:
    return f"observation.images.{camera}"


def video_template(camera: str) -> str:
    return VIDEO.replace("{video_key}", video_key(camera))
