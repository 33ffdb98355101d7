"""What a mask was found by, and what was asked for: a file beside the log, which holds no more of a
mask than every version of it can read. Its loss costs these words alone."""

from contextlib import suppress
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from ...runtime.regular_file import open_to_append, read_bytes
from ...runtime.validation import StrictModel
from ..takes.take_folder import LABELS
from .masks import MaskRecord, MaskSource, Rle

ORIGINS = "origins.jsonl"


class Origin(StrictModel):
    """What found a mask, and by which words."""

    finder: str
    words: str


class _Line(Origin):
    camera: str
    frame: int
    counts: str
    """Of the mask's run lengths."""

    @property
    def key(self) -> tuple[str, int, str]:
        return self.camera, self.frame, self.counts


class Origins:
    """Of the masks of one take, whatever their objects are called by now; one that was changed
    since has none. Safe to use from several threads."""

    def __init__(self, take_folder: Path) -> None:
        self._path = take_folder / LABELS / ORIGINS
        self._lock = Lock()
        self._known = {line.key: line for line in _read(self._path)}

    def of(self, camera: str, frame: int, mask: MaskRecord) -> Origin | None:
        """None where nobody knows."""
        if mask.source is not MaskSource.MODEL:
            return None
        with self._lock:
            line = self._known.get((camera, frame, mask.rle.counts))
        return None if line is None else Origin(finder=line.finder, words=line.words)

    def add(self, camera: str, frame: int, rle: Rle, origin: Origin) -> None:
        """Of a mask that is saved; where the disk takes nothing, this process alone knows it."""
        line = _Line(**origin.model_dump(), camera=camera, frame=frame, counts=rle.counts)
        with self._lock:
            self._known[line.key] = line
            with suppress(OSError), open_to_append(self._path) as file:
                file.write(line.model_dump_json().encode() + b"\n")


def _read(path: Path) -> list[_Line]:
    """All lines that are whole."""
    lines: list[_Line] = []
    with suppress(OSError):
        for text in read_bytes(path).splitlines():
            with suppress(ValidationError):
                lines.append(_Line.model_validate_json(text))
    return lines
