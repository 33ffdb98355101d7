"""Which takes can be written as MCAP: each lies in a file of its own, so they need not be alike.
Imports nothing heavy."""

from collections.abc import Sequence
from pathlib import Path

from ...takes.take_folder import find_take
from ..episodes.errors import NoTakes
from ..episodes.plan import info_of, require_present
from ..face_finder import require_face_finder
from .options import McapOptions


def require_cameras(data: Path, take_ids: Sequence[str], options: McapOptions) -> None:
    """Raises NoTakes, NoFaceFinder, MixedCameras of one without a camera that is asked for,
    NothingRecorded, TakeRefused of one in the bin, and what opening a take raises."""
    if not take_ids:
        raise NoTakes
    if options.hide_faces:
        require_face_finder()
    for take_id in take_ids:
        require_present(take_id, info_of(find_take(data, take_id)), options.cameras)
