"""Writing takes as a data set of episodes: a whole folder, or one that goes on where it stopped."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ....runtime.atomic_file import growing, sync_tree
from ..export import AlreadyThere
from .card import CardKind, write_card
from .errors import AllLeftOut, Unfit
from .exported import PIECES, ExportedTakes, Tell
from .piece_making import make_pieces
from .pieces import MakePiece, Piece, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFormat:
    """How a format is written."""

    piece: MakePiece
    assemble: Callable[[Path, Sequence[Piece], Told], None]
    """Writes all of the data set into a folder. Raises CannotExport."""
    filling: float  # the share of the export that the pieces take
    card: CardKind


def export_episodes(
    take_ids: Sequence[str], folder: Path, how: EpisodeFormat, tell: Tell
) -> ExportedTakes:
    """Write takes, one episode each, into a new folder; one that is named twice is one episode.

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
        named = list(dict.fromkeys(take_ids))
        pieces = _pieces(named, partial / PIECES, how, tell, done)
        if not pieces:
            raise AllLeftOut([f"{take}: {reason}" for take, reason in done.left_out.items()])

        def told(share: float) -> None:
            tell("putting all together", how.filling + (1 - how.filling) * share)

        how.assemble(partial, pieces, told)
        write_card(partial, folder.name, how.card, [piece.note for piece in pieces])
        shutil.rmtree(partial / PIECES)
        sync_tree(partial)
    done.episodes, done.frames = len(pieces), sum(piece.note.length for piece in pieces)
    return done


def _remove_begun(folder: Path) -> None:
    """What an export that was interrupted has begun to put together: all but the pieces."""
    (folder / PIECES).mkdir(parents=True, exist_ok=True)
    torn = (folder / PIECES).glob(".*")  # of a take at which a process was ended
    for path in [*folder.iterdir(), *torn]:
        if path.name == PIECES:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _pieces(
    take_ids: Sequence[str], folder: Path, how: EpisodeFormat, tell: Tell, done: ExportedTakes
) -> list[Piece]:
    def told(message: str, share: float) -> None:
        tell(message, how.filling * share)

    made = make_pieces(take_ids, folder, how.piece, told)
    pairs = list(zip(take_ids, made, strict=True))
    done.left_out |= {take_id: each.reason for take_id, each in pairs if isinstance(each, Unfit)}
    return [each for each in made if isinstance(each, Piece)]
