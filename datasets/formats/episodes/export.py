"""Writing takes as a data set of episodes: a whole folder, or one that goes on where it stopped."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ....runtime.atomic_file import growing, sync_tree
from ..export import AlreadyThere
from .errors import AllLeftOut, Unfit
from .exported import PIECES, ExportedTakes, Tell
from .pieces import MakePiece, Piece, Told, part


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFormat:
    """How a format is written."""

    piece: MakePiece
    assemble: Callable[[Path, Sequence[Piece], Told], None]
    """Writes all of the data set into a folder. Raises CannotExport."""
    filling: float  # the share of the export that the pieces take


def export_episodes(
    take_ids: Sequence[str], folder: Path, how: EpisodeFormat, tell: Tell
) -> ExportedTakes:
    """Write takes, one episode each, into a new folder.

    A take that cannot be opened, or holds nothing that counts, is left out with the reason. On an
    error there is no such folder; what was made of each take is kept beside it, and the same call
    goes on with that. Raises AlreadyThere, CannotExport, OSError, what opening a take raises and
    what ``tell`` raises.
    """
    if folder.exists() or folder.is_symlink():
        raise AlreadyThere(folder)
    done = ExportedTakes()
    with growing(folder) as partial:
        _remove_begun(partial)
        pieces = _pieces(take_ids, partial / PIECES, how, tell, done)
        if not pieces:
            raise AllLeftOut([f"{take}: {reason}" for take, reason in done.left_out.items()])

        def told(share: float) -> None:
            tell("putting all together", how.filling + (1 - how.filling) * share)

        how.assemble(partial, pieces, told)
        shutil.rmtree(partial / PIECES)
        sync_tree(partial)
    done.episodes, done.frames = len(pieces), sum(piece.note.length for piece in pieces)
    return done


def _remove_begun(folder: Path) -> None:
    """What an export that was interrupted has begun to put together: all but the pieces."""
    (folder / PIECES).mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name == PIECES:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _pieces(
    take_ids: Sequence[str], folder: Path, how: EpisodeFormat, tell: Tell, done: ExportedTakes
) -> list[Piece]:
    pieces, count = [], len(take_ids)
    for number, take_id in enumerate(take_ids):

        def told(share: float, number: int = number) -> None:
            tell(f"take {number + 1} of {count}", how.filling * share)

        own = part(told, number, count)
        own(0.0)
        try:
            pieces.append(how.piece(take_id, folder / take_id, own))
        except Unfit as error:
            done.left_out[take_id] = error.reason
    return pieces
