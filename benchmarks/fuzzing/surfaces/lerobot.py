"""LeRobotDatasets: texts, tables and videos that are cut, flipped, or tell something else."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions

from ..importing import refusal_of
from ..mutators import Mutator
from ..samples import TAKE_ID, label, record

OTHERS = ImportOptions(joints="observation.state", gripper="observation.state:7")
PLAYLISTS = (
    b"#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n",
    b"ffconcat version 1.0\nfile /etc/passwd\n",
)


class LeRobotDatasets:
    """What was exported of one take; what an input changed is brought back for the next."""

    def __init__(self, folder: Path) -> None:
        label(record(folder / "own"))
        self._root = folder / "set"
        options = LeRobotOptions(size=(64, 64))
        export_takes(folder / "own", [TAKE_ID], options, self._root, lambda message, share: None)
        self._files = sorted(path for path in self._root.rglob("*") if path.is_file())
        self._good = {path: path.read_bytes() for path in self._files}
        self._data = folder / "data"
        self._about = self._root / "meta/teachloop.json"

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        for path, content in self._good.items():
            path.write_bytes(content)
        others = m.chance(0.3)
        if others:  # as one of somebody else
            self._about.unlink()
        path = m.draw.choice([each for each in self._files if each.is_file()])
        path.write_bytes(self._other(m, path))
        m.ready()
        return refusal_of(self._data, self._root, OTHERS if others else ImportOptions())

    def _other(self, m: Mutator, path: Path) -> bytes:
        content = self._good[path]
        if path.suffix == ".json" and m.chance(0.8):
            return m.json(json.loads(content))
        if path.suffix == ".parquet" and m.chance(0.8):
            return _other_table(m, path)
        if path.suffix == ".mp4" and m.chance(0.1):
            return m.draw.choice(PLAYLISTS)
        return m.changed(content)


def _other_table(m: Mutator, path: Path) -> bytes:
    """Rows of which one column is other; or, where Arrow takes them for none, other bytes."""
    table = parquet.read_table(path)
    name = m.draw.choice(table.column_names)
    place = table.column_names.index(name)
    sink = pa.BufferOutputStream()
    try:
        column = m.draw.choice(_COLUMNS)(m, table.column(name).to_pylist())
        table = table.set_column(place, name, pa.array(column))
        parquet.write_table(table, sink)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return m.changed(path.read_bytes())
    return sink.getvalue().to_pybytes()


_COLUMNS: Sequence[Callable[[Mutator, list[Any]], list[Any]]] = (
    lambda m, rows: [m.hostile()] * len(rows),
    lambda m, rows: rows[::-1],
    lambda m, rows: [None] * len(rows),
    lambda m, rows: [[row] for row in rows],
    lambda m, rows: [m.draw.choice((0, 1, -1, 1 << 40, float("nan"), 1e300))] * len(rows),
    lambda m, rows: [*rows[:-1], m.hostile()],
    lambda m, rows: [row[:3] if isinstance(row, list) else row for row in rows],
)
SURFACE = LeRobotDatasets
