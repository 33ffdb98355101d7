"""Writing the masks of takes in a format of others: a whole folder, or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeAlias

from ...runtime.atomic_file import new_folder
from ...runtime.errors import TeachloopError
from ..takes.pictures import PictureFilter, as_recorded
from ..takes.take_folder import find_take
from .coco import CocoWriter
from .format_names import MaskFormat
from .labelled_frames import LabelledFrame, labelled_frames
from .png_masks import PngWriter
from .yolo import YoloWriter

Tell: TypeAlias = Callable[[int, int], None]
"""Told which of the takes is being written, and how many of its frames are; what it raises ends
the export."""


class MaskWriter(Protocol):
    """Writes frames in one format, into the folder that it was made with."""

    def add(self, frame: LabelledFrame) -> bool:
        """Whether the format can say what is known of the frame; else it is left out."""
        ...

    def finish(self) -> None:
        """Write what is known once all frames are."""
        ...


WRITERS: Mapping[MaskFormat, Callable[[Path], MaskWriter]] = {
    "coco": CocoWriter,
    "yolo": YoloWriter,
    "png": PngWriter,
}


class AlreadyThere(TeachloopError):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is there already. Name a folder that is not.")


@dataclass(slots=True)
class Exported:
    """What was written."""

    frames: int = 0
    masks: int = 0
    incomplete: int = 0
    """Frames that were left out, since an object of their take has no mask there."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Id of a take -> why nothing of it was written."""


class NothingToExport(TeachloopError):
    def __init__(self, done: Exported) -> None:
        why = [f"{take}: {reason}" for take, reason in done.left_out.items()]
        if done.incomplete:
            why.append(f"In {done.incomplete} frames an object of the take has no mask.")
        super().__init__(f"There is nothing to export. {' '.join(why)}".strip())


def export_masks(
    data: Path,
    takes: Sequence[str],
    form: MaskFormat,
    folder: Path,
    tell: Tell,
    *,
    through: PictureFilter = as_recorded,
) -> Exported:
    """Write the frames of these takes that have masks into a new folder, as they are seen
    ``through`` a filter.

    A take that cannot be opened, or whose masks do not fit its frames, is left out with the reason.
    Raises AlreadyThere, NothingToExport, PaletteFull, OSError, what reading a frame raises and
    what ``tell`` raises; then there is no folder.
    """
    if folder.exists() or folder.is_symlink():
        raise AlreadyThere(folder)
    done = Exported()
    with new_folder(folder) as unfinished:
        writer = WRITERS[form](unfinished)
        for number, take_id in enumerate(takes):
            told = partial(tell, number)
            _add_take(data, take_id, through, writer, done, told)
        if not done.frames:
            raise NothingToExport(done)
        writer.finish()
    return done


def _add_take(
    data: Path,
    take_id: str,
    through: PictureFilter,
    writer: MaskWriter,
    done: Exported,
    tell: Callable[[int], None],
) -> None:
    tell(0)
    try:
        frames = labelled_frames(find_take(data, take_id), through)
        first = next(frames, None)
    except TeachloopError as error:
        done.left_out[take_id] = str(error)
        return
    if first is None:
        done.left_out[take_id] = "It has no mask."
        return
    for number, frame in enumerate(chain([first], frames), 1):
        _add_frame(frame, writer, done)
        tell(number)


def _add_frame(frame: LabelledFrame, writer: MaskWriter, done: Exported) -> None:
    if writer.add(frame):
        done.frames += 1
        done.masks += len(frame.masks)
    else:
        done.incomplete += 1
