"""A file of robomimic, and its demos."""

import re
from pathlib import Path

import h5py

from ..imported.episode import EpisodeRefused
from ..imported.stored import group_at, names_in, opened, texts
from ..pictures import NoSuchSet
from ..robomimic.assembly import FILE
from .about import about
from .demo import StoredDemo

DEMO = re.compile(r"demo_(\d{1,9})")
SUFFIXES = (".hdf5", ".h5")
MOST_NAMES = 200_000


def file_in(source: Path) -> Path | None:
    """The file that a place names: itself, or the one of this name in a folder."""
    if source.is_file() and source.suffix.lower() in SUFFIXES:
        return source
    return source / FILE if (source / FILE).is_file() else None


def demos_in(path: Path, filter_key: str) -> list[StoredDemo]:
    """By their numbers; those alone that a filter key names, where one is given. Raises
    NoSuchSet."""
    try:
        with opened(path, str(path)) as file:
            data = group_at(file, "data")
            known, chosen = about(data), _chosen(file, filter_key)
            found = {name: DEMO.fullmatch(name) for name in names_in(data)}
            numbers = {name: int(match[1]) for name, match in found.items() if match}
    except EpisodeRefused as error:
        raise NoSuchSet(f"{error} It is no file of robomimic's, or not a whole one.") from error
    names = sorted(numbers, key=lambda name: numbers[name])
    kept = [name for name in names if chosen is None or name in chosen]
    if not kept:
        raise NoSuchSet(f"{path} holds no demos{' of that filter key' if filter_key else ''}.")
    return [StoredDemo(path, name, known) for name in kept]


def _chosen(file: h5py.File, filter_key: str) -> set[str] | None:
    """Raises NoSuchSet, ValueError."""
    if not filter_key:
        return None
    try:
        return {*texts(group_at(file, "mask"), filter_key, MOST_NAMES)}
    except LookupError:
        raise NoSuchSet(f"{file.filename} has no filter key {filter_key!a:.60}.") from None
