"""Archives a take: its pictures become a video, which needs a part of the room; all else stays."""

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import h5py
import numpy as np

from ..runtime.atomic_file import sync_folder
from ..runtime.errors import TeachloopError
from .errors import TakeNotWritable
from .quality.same_pictures import same_pictures
from .takes.attributes import write_attributes
from .takes.checksum import verify, write_checksum
from .takes.computed import forget_computed
from .takes.format import (
    ARCHIVED,
    DEPTH,
    USER_BLOCK_BYTES,
    VIDEO,
    TakeInfo,
    measuring_depth,
    other_record_kinds,
    tables,
)
from .takes.hdf5_validation import find, reading
from .takes.reader import Take
from .takes.streams import Records
from .takes.take_folder import ARCHIVING, require_room, take_file, writing
from .takes.trash import in_bin
from .takes.video import encode_video
from .takes.video_coding import VideoCoding

LEAST_DB = 30.0  # PSNR of the worst picture: below, edges are seen to differ
HELD_FRAMES = 64  # packets in memory
COMPARED_ROWS = 1 << 20
Tell = Callable[[float], None]  # the share that is done; may raise to stop


class NotArchived(TeachloopError):
    """A take that stays as it is, since archiving it would be no gain."""

    def __init__(self, take_id: str, reason: str) -> None:
        super().__init__(f"{take_id} stays as it is: {reason}.")


@dataclass(frozen=True, slots=True)
class Archived:
    """How large a take was and is, and how near its pictures are to the recorded ones."""

    bytes_before: int
    bytes_after: int
    least_psnr_db: float
    """Of the picture that lost most."""


def archive_take(
    folder: Path, tell: Tell = lambda _: None, video: VideoCoding | None = None
) -> Archived:
    """Write the take anew and put it in its place, once every picture and all else was compared.

    The JPEGs are gone then. A kill leaves the take as it was. Raises NotArchived, TakeBusy,
    DiskFull, TakeNotWritable, WrongRecord of a damaged picture, what opening a take raises, and
    what ``tell`` raises.
    """
    path, partial = take_file(folder), folder / ARCHIVING
    with writing(folder):
        _require_archivable(folder, path)
        try:
            with Take.open(path, damaged_too=True) as take:
                done = _archived(take, partial, video or VideoCoding(), tell)
            os.replace(partial, path)
            sync_folder(folder)
        finally:
            partial.unlink(missing_ok=True)
    forget_computed(folder)
    return done


def _require_archivable(folder: Path, path: Path) -> None:
    if path.is_symlink():
        raise NotArchived(folder.name, "its file lies elsewhere, and is linked")
    if in_bin(folder):
        raise NotArchived(folder.name, "it is in the bin")
    verify(path)
    require_room(folder, path.stat().st_size)


def _archived(take: Take, partial: Path, video: VideoCoding, tell: Tell) -> Archived:
    frames, least_db = sum(map(len, take.frames.values())), math.inf
    if take.info.video is not None:
        raise NotArchived(take.info.take_id, "it is archived already")
    if not frames:
        raise NotArchived(take.info.take_id, "it has no pictures")
    for written, _ in enumerate(_write(take, partial, video), 1):
        tell(written / (2 * frames))
    for compared, psnr_db in enumerate(_compared(take, partial), 1):
        least_db = min(least_db, psnr_db)
        tell((frames + compared) / (2 * frames))
    _require_gain(take, partial, least_db)
    return Archived(take.path.stat().st_size, partial.stat().st_size, least_db)


def _require_gain(take: Take, partial: Path, least_db: float = math.inf) -> None:
    if partial.stat().st_size >= take.path.stat().st_size:
        raise NotArchived(take.info.take_id, "as a video it would be no smaller")
    if least_db < LEAST_DB:
        reason = f"a picture would lose too much ({least_db:.1f} dB, and {LEAST_DB:.0f} is least)"
        raise NotArchived(take.info.take_id, reason)


def _write(take: Take, path: Path, video: VideoCoding) -> Iterator[None]:
    """One turn for each picture."""
    info = replace(take.info, video=video)
    try:
        with (
            h5py.File(take.path, "r") as old,
            h5py.File(path, "w", libver="latest", userblock_size=USER_BLOCK_BYTES) as new,
        ):
            write_attributes(new, info)
            _copy_the_rest(take, old, new)
            for camera in info.cameras:
                yield from _write_video(take, camera, new.require_group(f"cameras/{camera}"), video)
                new.flush()
                _require_gain(take, path)
        write_checksum(path, version=ARCHIVED)
    except (OSError, RuntimeError) as error:
        raise TakeNotWritable(path, error) from error


def _copy_the_rest(take: Take, old: h5py.File, new: h5py.File) -> None:
    """As it is, chunk by chunk."""
    with reading(take.path):
        found = {name: find(old, name, dtype) for name, dtype in _the_rest(take.info)}
    for name, dataset in found.items():
        group, _, leaf = name.rpartition("/")
        new.copy(dataset, new.require_group(group or "/"), leaf)


def _the_rest(info: TakeInfo) -> Iterator[tuple[str, object]]:
    """Name and type of all data sets but those of the cameras' pictures."""
    yield "closing", "u1"
    for name, row in tables(info).items():
        yield f"{name}/samples", row
    depths = {f"cameras/{name}/depth": DEPTH for name in measuring_depth(info.cameras)}
    for name, kind in {**depths, **other_record_kinds(info)}.items():
        yield f"{name}/index", kind.row
        yield f"{name}/{kind.payload}", kind.payload_type


def _write_video(take: Take, camera: str, group: h5py.Group, video: VideoCoding) -> Iterator[None]:
    frames, records = take.frames[camera], Records(group, VIDEO)
    images = (take.image(camera, index) for index in range(len(frames)))
    keys = zip(
        frames.number, frames.time_ns, frames.device_time_ns, same_pictures(take, camera),
        strict=True,
    )  # fmt: skip
    for index, (key, packet) in enumerate(zip(keys, encode_video(images, video), strict=True)):
        records.append(key, np.frombuffer(packet, np.uint8))
        if index % HELD_FRAMES == 0:
            records.write()
        yield
    records.write()


def _compared(take: Take, path: Path) -> Iterator[float]:
    """PSNR of each picture beside the recorded one. Raises TakeNotWritable where anything else is
    not what it was."""
    with Take.open(path, damaged_too=True) as archived:
        _require_the_same(take, path)
        for camera, frames in take.frames.items():
            for index in range(len(frames)):
                yield cv2.PSNR(take.image(camera, index), archived.image(camera, index))


def _require_the_same(take: Take, path: Path) -> None:
    with reading(path), h5py.File(take.path, "r") as old, h5py.File(path, "r") as new:
        for name, dtype in _the_rest(take.info):
            before, after = find(old, name, dtype), find(new, name, dtype)
            if not _same_rows(before, after):
                raise TakeNotWritable(path, f"{name!r} was not copied as it is")


def _same_rows(before: h5py.Dataset, after: h5py.Dataset) -> bool:
    if len(before) != len(after):
        return False
    starts = range(0, len(before), COMPARED_ROWS)
    parts = (slice(start, start + COMPARED_ROWS) for start in starts)
    return all(before[part].tobytes() == after[part].tobytes() for part in parts)
