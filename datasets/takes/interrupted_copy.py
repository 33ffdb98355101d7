"""Copies every whole row of an interrupted recording into a new file."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from ...geometry.camera import Camera
from ..errors import NotATake, WrongRecord
from .attributes import read_info, write_attributes
from .checksum import mark_unfinished
from .depth import decode_depth
from .format import (
    CAMERA,
    DEPTH,
    USER_BLOCK_BYTES,
    RecordKind,
    TakeInfo,
    measuring_depth,
    other_record_kinds,
    tables,
)
from .hdf5_repair import clear_writer_marks
from .hdf5_validation import UNREADABLE, find, whole_records
from .jpeg import decode_jpeg
from .streams import Records, Streams, Table
from .take_folder import require_room

Rows = NDArray[Any]
COPY_ELEMENTS = 1 << 22
SUSPECT_FRAMES = 8  # a kill can tear only what was being written: the last few
INTERRUPTED = "the recording was killed"


def copy_whole_records(source: Path, target: Path) -> None:
    """Copy every whole row of an interrupted file into a new one, marked as interrupted. Raises
    NotATake of an archived take's, and what reading it raises."""
    require_room(source.parent, source.stat().st_size)
    clear_writer_marks(source)
    with (
        h5py.File(source, "r") as old,
        h5py.File(target, "w", libver="latest", userblock_size=USER_BLOCK_BYTES) as new,
    ):
        info = read_info(old)
        if info.video is not None:
            raise NotATake(source, "an archived take is no recording that was killed")
        write_attributes(new, info)
        streams = Streams(new, info)
        lost, last_ns = _copy_streams(old, streams, info)
        streams.close(
            replace(
                info,
                duration_s=round(max(0, last_ns - info.created_time_ns) / 1e9, 3),
                interrupted=INTERRUPTED,
                damaged="; ".join(lost),
            )
        )
        new.flush()  # raises where closing would not
    mark_unfinished(target)


def _copy_streams(old: h5py.File, new: Streams, info: TakeInfo) -> tuple[list[str], int]:
    """What could not be read at all, and the time of the last row."""
    lost, last_ns = [], [0]
    for name, copy in _copies(old, new, info).items():
        try:
            last_ns.append(copy())
        except UNREADABLE as error:
            lost.append(f"stream {name!r} was lost when the recording was killed ({error})")
    return lost, max(last_ns)


def _copies(old: h5py.File, new: Streams, info: TakeInfo) -> dict[str, Callable[[], int]]:
    rows = {
        name: partial(_copy_table, old, name, new.tables[name], row)
        for name, row in tables(info).items()
    }
    frames = {f"cameras/{name}": partial(_copy_frames, old, name, new) for name in info.cameras}
    depths = {
        f"cameras/{name}/depth": partial(_copy_depth, old, name, info.cameras[name], new)
        for name in measuring_depth(info.cameras)
    }
    records = {
        name: partial(_copy_records, old, name, new.records[name], kind)
        for name, kind in other_record_kinds(info).items()
    }
    return {**rows, **frames, **depths, **records}


def _copy_table(old: h5py.File, name: str, new: Table, row: np.dtype) -> int:
    samples = find(old, f"{name}/samples", row)
    rows = samples[: readable_rows(samples)]
    assert row.names is not None
    corner = rows[row.names[-1]][:, 3, 3]  # of a pose: always 1, and written last
    rows = rows[: _first_bad((rows["time_ns"] > 0) & (corner == 1))]
    new.samples.extend(rows)
    return _last_time(rows)


def _copy_frames(old: h5py.File, name: str, new: Streams) -> int:
    rows, jpegs = _whole_frames(old, f"cameras/{name}", CAMERA, decode_jpeg)
    _extend(new.records[f"cameras/{name}"], rows, jpegs)
    return _last_time(rows)


def _copy_depth(old: h5py.File, name: str, camera: Camera, new: Streams) -> int:
    """What belongs to an image that is kept."""
    decode = partial(decode_depth, height=camera.height, width=camera.width)
    rows, images = _whole_frames(old, f"cameras/{name}/depth", DEPTH, decode)
    frames, _ = _whole_frames(old, f"cameras/{name}", CAMERA, decode_jpeg)
    rows = rows[: _first_bad(np.isin(rows["number"], frames["number"]))]
    _extend(new.records[f"cameras/{name}/depth"], rows, images)
    return _last_time(rows)


def _copy_records(old: h5py.File, name: str, new: Records, kind: RecordKind) -> int:
    rows, payload = _whole_rows(old, name, kind)
    _extend(new, rows, payload)
    return _last_time(rows)


def _whole_rows(old: h5py.File, name: str, kind: RecordKind) -> tuple[Rows, h5py.Dataset]:
    index = find(old, f"{name}/index", kind.row)
    payload = find(old, f"{name}/{kind.payload}", kind.payload_type)
    rows = index[: readable_rows(index)]
    return rows[: whole_records(rows, readable_rows(payload))], payload


def _whole_frames(
    old: h5py.File, name: str, kind: RecordKind, decode: Callable[[bytes], object]
) -> tuple[Rows, h5py.Dataset]:
    """The rows up to the first of the last few that cannot be decoded."""
    rows, payload = _whole_rows(old, name, kind)
    for number in range(max(0, len(rows) - SUSPECT_FRAMES), len(rows)):
        offset, length = rows["offset"][number], rows["length"][number]
        try:
            decode(payload[offset : offset + length].tobytes())
        except WrongRecord:
            return rows[:number], payload
    return rows, payload


def _extend(new: Records, rows: Rows, payload: h5py.Dataset) -> None:
    end = int(rows["offset"][-1] + rows["length"][-1]) if len(rows) else 0
    for start in range(0, end, COPY_ELEMENTS):
        new.payload.extend(payload[start : min(start + COPY_ELEMENTS, end)])
    new.index.extend(rows)


def readable_rows(dataset: h5py.Dataset) -> int:
    """How many rows from the first on can be read: all, unless the kill tore the chunk index."""
    good, bad = 0, len(dataset) + 1
    probe = len(dataset)
    while bad - good > 1:
        good, bad = (probe, bad) if _readable(dataset, probe) else (good, probe)
        probe = (good + bad) // 2
    return good


def _readable(dataset: h5py.Dataset, rows: int) -> bool:
    try:
        _ = dataset[max(rows - 1, 0) : rows]
    except OSError:
        return False
    return True


def _first_bad(good: NDArray[np.bool_]) -> int:
    return len(good) if good.all() else int(np.argmin(good))


def _last_time(rows: NDArray[Any]) -> int:
    return int(rows["time_ns"][-1]) if len(rows) else 0
