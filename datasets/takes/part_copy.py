"""A part of a take as a take of its own: what came from one moment to another, bit by bit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from .attributes import read_info, write_attributes
from .checksum import mark_unfinished
from .format import DEPTH, USER_BLOCK_BYTES, TakeInfo, record_kinds, tables
from .hdf5_validation import find, find_records, reading
from .streams import Records, Streams
from .take_folder import PARTIAL, TAKE, require_room, writing
from .writer import finish_file

Rows = NDArray[Any]
AT_ONCE = 1 << 22  # elements of a payload


def copy_part(source: Path, folder: Path, info: TakeInfo, start_ns: int, end_ns: int) -> None:
    """Write ``[start_ns, end_ns)`` of a recorded take's file into a new folder, as ``info`` says.
    Raises DiskFull, TakeDamaged, OSError."""
    folder.mkdir(parents=True)
    with writing(folder):
        require_room(folder, source.stat().st_size)
        with (
            reading(source),
            h5py.File(source, "r") as old,
            h5py.File(
                folder / PARTIAL, "w", libver="latest", userblock_size=USER_BLOCK_BYTES
            ) as new,
        ):
            write_attributes(new, info)
            streams = Streams(new, info)
            _copy(old, streams, info, start_ns, end_ns)
            closing = read_info(old)
            seconds = round((end_ns - start_ns) / 1e9, 3)
            streams.close(replace(info, health=closing.health, duration_s=seconds))
            new.flush()  # raises where closing would not
        mark_unfinished(folder / PARTIAL)
        finish_file(folder / PARTIAL, folder / TAKE)


def _copy(old: h5py.File, new: Streams, info: TakeInfo, start_ns: int, end_ns: int) -> None:
    for name, row in tables(info).items():
        rows = find(old, f"{name}/samples", row)[:]
        new.tables[name].samples.extend(rows[_inside(rows, start_ns, end_ns)])
    for name, kind in record_kinds(info).items():
        rows, payload = find_records(old, name, kind)
        inside = _inside(rows, start_ns, end_ns)
        if kind is DEPTH:  # goes with its picture, whenever it came
            camera = name.removesuffix("/depth")
            pictures, _ = find_records(old, camera, record_kinds(info)[camera])
            kept = pictures["number"][_inside(pictures, start_ns, end_ns)]
            inside = np.isin(rows["number"], kept)
        _extend(new.records[name], rows[inside], payload)


def _inside(rows: Rows, start_ns: int, end_ns: int) -> NDArray[np.bool_]:
    return (rows["time_ns"] >= start_ns) & (rows["time_ns"] < end_ns)


def _extend(new: Records, rows: Rows, payload: h5py.Dataset) -> None:
    """Records that follow each other."""
    if not len(rows):
        return
    begin, end = int(rows["offset"][0]), int(rows["offset"][-1] + rows["length"][-1])
    for start in range(begin, end, AT_ONCE):
        new.payload.extend(payload[start : min(start + AT_ONCE, end)])
    moved = rows.copy()
    moved["offset"] -= begin
    new.index.extend(moved)
