"""Episodes of DROID: HDF5 that is none, numbers of no robot, videos and words that are none."""

import json
import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from teachloop.datasets.formats.import_options import ImportOptions

from ..droid_episode import UUID, DroidFile, save_episode
from ..hostile import NUMBERS
from ..importing import refusal_of
from ..mutators import Mutator

ANNOTATIONS = "aggregated-annotations-030724.json"


class DroidEpisodes:
    """One episode and its words; the next input begins anew."""

    def __init__(self, folder: Path) -> None:
        self._root, self._data = folder / "set", folder / "data"
        self._episode = save_episode(self._root / "one", DroidFile(steps=6))
        self._words = self._root / ANNOTATIONS
        self._words.write_text(json.dumps({UUID: {"language_instruction1": "wipe the table"}}))
        self._good = {path: path.read_bytes() for path in self._root.rglob("*") if path.is_file()}

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        for path, content in self._good.items():
            path.write_bytes(content)
        self._change(m)
        m.ready()
        return refusal_of(self._data, self._root, ImportOptions())

    def _change(self, m: Mutator) -> None:
        trajectory = self._episode / "trajectory.h5"
        how = m.below(10)
        if how < 5:
            with h5py.File(trajectory, "r+") as file:
                _numbers(m, file)
        elif how < 7:
            trajectory.write_bytes(m.changed(trajectory.read_bytes()))
        elif how < 8:
            path = m.draw.choice((self._words, self._episode / f"metadata_{UUID}.json"))
            path.write_bytes(m.json(json.loads(path.read_text())))
        else:
            path = m.draw.choice(sorted(self._episode.glob("recordings/MP4/*.mp4")))
            path.write_bytes(m.changed(path.read_bytes()))


def _numbers(m: Mutator, file: Any) -> None:
    """Another number somewhere, other shapes, or nothing where something was."""
    names: list[str] = []
    file.visititems(
        lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None
    )
    name = m.draw.choice(names)
    rows = file[name][:]
    del file[name]
    if m.chance(0.1):
        return
    if m.chance(0.2):
        shapes = (rows.shape[:1], (), (0,), (*rows.shape, 1), (1, *rows.shape), (5, 5))
        kinds = ("f2", ">i8", "S10", h5py.string_dtype(), "V16", "c16", "u1", "?")
        file.create_dataset(name, m.draw.choice(shapes), m.draw.choice(kinds))
        return
    with np.errstate(all="ignore"):
        try:
            number = np.array(m.draw.choice(NUMBERS)).astype(rows.dtype)
        except (OverflowError, TypeError):
            number = np.array(1).astype(rows.dtype)
    place = m.below(len(rows)) if m.chance(0.7) else slice(None)
    rows[place] = number
    file[name] = m.draw.choice((rows, rows, rows[::-1]))


SURFACE = DroidEpisodes
