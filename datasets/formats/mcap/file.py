"""The file of one take: its messages in the order of their times, and what holds for all of it."""

import heapq
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from mcap_protobuf.writer import Writer

from ..episodes.pieces import Told
from ..labelled_frames import masks_by_frame
from ..png_masks import MaskPalette
from . import motion, pictures, words
from .part import Part, Timed

ABOUT, OBJECTS = "teachloop.take", "teachloop.masks"
TOLD_EVERY = 16  # messages


def write_file(path: Path, part: Part, tell: Told) -> None:
    """One message after the other as time goes on, so that few are held at once. Raises
    TooManyObjects, MaskOfNoFrame, WrongMask, WrongRecord, and what ``tell`` raises."""
    palette, length_ns = MaskPalette(), max(1, part.end_ns - part.start_ns)
    with path.open("wb") as file:
        writer = Writer(file)
        writer.add_metadata(ABOUT, words.about(part))
        merged = heapq.merge(*_streams(part, palette), key=attrgetter("time_ns"))
        for number, each in enumerate(merged):
            if number % TOLD_EVERY == 0:
                tell((each.time_ns - part.start_ns) / length_ns)
            at_ns = part.clock.wall_ns(each.time_ns)
            writer.write_message(each.topic, each.message, at_ns, at_ns, each.sequence)
        if objects := palette.legend:
            writer.add_metadata(OBJECTS, {place: words.as_json(n) for place, n in objects.items()})
        writer.finish()


def _streams(part: Part, palette: MaskPalette) -> Iterator[Iterator[Timed]]:
    """Of what was at the same moment, what comes first here. Raises MaskOfNoFrame, WrongMask."""
    yield words.instruction(part)
    yield words.subtasks(part)
    yield words.events(part)
    yield words.robot_errors(part)
    yield motion.camera_places(part)
    yield from (motion.tool(part), motion.joints(part), motion.readings(part))
    yield from (motion.target(part), motion.actions(part))
    said = masks_by_frame(part.said, part.take)
    for camera in part.cameras:
        of_camera = {index: those for (name, index), those in said.items() if name == camera}
        yield pictures.calibration(part, camera)
        yield pictures.images(part, camera)
        yield pictures.masks(part, camera, of_camera, palette)
        if camera in part.depths:
            yield pictures.depths(part, camera)
