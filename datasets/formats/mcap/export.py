"""Writing takes as MCAP: a new folder with ``<take>.mcap`` for each, which holds a take as it was
recorded, between the ends that it was trimmed to.

| topic | schema | what it holds |
|---|---|---|
| ``/cameras/<camera>/image`` | ``foxglove.CompressedImage`` | the take's JPEGs |
| ``/cameras/<camera>/depth`` | ``foxglove.RawImage`` | millimetres, 16 bits |
| ``/cameras/<camera>/masks`` | ``foxglove.CompressedImage`` | PNG, see ``MaskPalette`` |
| ``/cameras/<camera>/calibration`` | ``foxglove.CameraCalibration`` | once |
| ``/tf``, ``/tf_static`` | ``foxglove.FrameTransforms`` | ``tool``, measured; the cameras, once |
| ``/robot/joint_states`` | ``foxglove.JointStates`` | each reading of the joints |
| ``/robot/readings`` | ``teachloop.RobotReading`` | what was measured beside them |
| ``/actions`` | ``teachloop.Action`` | asked, applied, and who decided |
| ``/actions/tf`` | ``foxglove.FrameTransforms`` | ``target``, where the applied action leads |
| ``/instruction``, ``/subtasks``, ``/events`` | ``foxglove.Log`` | in words |

All messages are protobuf: Rerun reads no JSON. Their times are those at which the take had them, by
the wall clock: ``clock_offset_ns`` in the metadata ``teachloop.take`` is what was added to the
take's own. The metadata ``teachloop.masks`` names the objects of each place of the palette.
"""

import os
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..episodes.card import CardKind, privacy_of
from ..episodes.export import EpisodeFormat, export_episodes
from ..episodes.exported import ExportedTakes, Tell
from ..episodes.pieces import Piece, Told
from .options import McapOptions
from .piece import FILE, piece_of
from .plan import require_cameras

WRITING = 0.99  # share of the export that the files take
OPENING = """\
from mcap.reader import make_reader

with open("{name}/<take>.mcap", "rb") as file:
    for schema, channel, message in make_reader(file).iter_messages():
        print(channel.topic, message.log_time)"""


def export_takes(
    data: Path, take_ids: Sequence[str], options: McapOptions, folder: Path, tell: Tell
) -> ExportedTakes:
    """Write takes into a new folder, see ``export_episodes``; of frames, all cameras' are
    counted."""
    require_cameras(data, take_ids, options)
    how = EpisodeFormat(
        piece=partial(piece_of, data, options),
        assemble=_assemble,
        filling=WRITING,
        card=_card(options),
    )
    return export_episodes(take_ids, folder, how, tell)


def _card(options: McapOptions) -> CardKind:
    return CardKind(form="MCAP files", opening=OPENING, facts=privacy_of(options))


def _assemble(folder: Path, pieces: Sequence[Piece], tell: Told) -> None:
    for number, piece in enumerate(pieces):
        tell(number / len(pieces))
        _place(piece.folder / FILE, folder / f"{piece.note.take}.mcap")


def _place(source: Path, target: Path) -> None:
    """Without a copy where the disk knows how: the piece stays until all of the export is there."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
