"""What is kept of one take: its whole file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ....runtime.errors import TeachloopError
from ....runtime.json_file import JsonObject
from ...errors import WrongLabel
from ...labels.labels import Labels
from ...takes.check import require_usable
from ...takes.reader import Take
from ...takes.take_folder import find_take
from ..episodes.errors import CannotExport, Unfit
from ..episodes.pieces import EpisodeNote, Piece, Told, kept_or_made
from ..faceless_pictures import picture_filter
from .file import write_file
from .options import McapOptions
from .part import Part, part_of
from .plan import require_cameras
from .words import instruction_of

FILE = "take.mcap"
VERSION = 1


def piece_of(data: Path, options: McapOptions, take_id: str, folder: Path, tell: Told) -> Piece:
    """See ``MakePiece``."""
    take_folder = find_take(data, take_id)

    def make(partial: Path, made_of: JsonObject) -> EpisodeNote:
        with _unfit(TeachloopError):
            require_usable(data, take_id)
            said = Labels.open(take_folder).snapshot
        through = picture_filter(hide_faces=options.hide_faces)
        with Take.open(take_folder, through=through) as take, _unfit(CannotExport, WrongLabel):
            part = part_of(take, said, options)
            write_file(partial / FILE, part, tell)
            return _note(part, made_of)

    asked = {"version": VERSION, "options": options.model_dump(mode="json")}
    return kept_or_made(take_folder, folder, asked, make)


def require_fit(data: Path, like: str, take_id: str, options: McapOptions) -> None:
    """Whether a take can be written, whatever the others are. Raises MixedCameras, NothingLeft,
    TakeRefused, and what opening a take raises."""
    require_cameras(data, [take_id], options)
    require_usable(data, take_id)
    folder = find_take(data, take_id)
    with Take.open(folder) as take:
        part_of(take, Labels.open(folder).snapshot, options)


@contextmanager
def _unfit(*kinds: type[TeachloopError]) -> Iterator[None]:
    """By an error of these kinds, the take is left out."""
    try:
        yield
    except kinds as error:
        raise Unfit(str(error)) from error


def _note(part: Part, made_of: JsonObject) -> EpisodeNote:
    """Its length is how many pictures are in it."""
    info, said = part.take.info, part.said
    seen = [part.take.frames[camera].time_ns for camera in part.cameras]
    return EpisodeNote(
        made_of=made_of,
        take=info.take_id,
        length=sum(len(list(part.rows(times_ns))) for times_ns in seen),
        instruction=instruction_of(part),
        paraphrases=list(said.paraphrases),
        subtasks=[segment.text for segment in said.segments],
        success=said.success,
        operator=info.operator if part.operators else "",
    )
