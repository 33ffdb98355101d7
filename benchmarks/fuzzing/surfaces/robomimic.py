"""Files of robomimic: HDF5 of other types, shapes and links, bombs, and numbers of no robot."""

import json
import shutil
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.robomimic.export import export_takes
from teachloop.datasets.formats.robomimic.options import RobomimicOptions

from ..hostile import NUMBERS
from ..importing import refusal_of
from ..mutators import Mutator
from ..robosuite_file import write_file
from ..samples import TAKE_ID, label, record

FILE, SECRET = "dataset.hdf5", b"\xff\xd8of another file"
Change = Callable[[Mutator, Any, Path], None]
IMPOSSIBLE = (
    *(LookupError, TypeError, AttributeError, ValueError),
    *(OSError, RuntimeError, MemoryError),
)


class RobomimicFiles:
    """One that robomimic made and one of ours, of one demo each; the next input begins anew."""

    def __init__(self, folder: Path) -> None:
        label(record(folder / "own"))
        options = RobomimicOptions(size=(16, 16), next_pictures=False, compressed=True)
        own, self._path = folder / "set", folder / "set" / FILE
        export_takes(folder / "own", [TAKE_ID], options, own, lambda message, share: None)
        others = write_file(folder / "others.hdf5", packed=True)
        self._good = [self._path.read_bytes(), others.read_bytes()]
        self._folder, self._data = folder, folder / "data"
        with h5py.File(folder / "secret.h5", "w") as secret:
            secret["rows"] = np.frombuffer(SECRET, np.uint8)

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        self._path.write_bytes(m.draw.choice(self._good))
        if m.chance(0.2):
            self._path.write_bytes(m.changed(self._path.read_bytes()))
        else:
            self._change(m)
        m.ready()
        options = ImportOptions(filter_key=m.draw.choice(("", "", "", "train", "none")))
        return refusal_of(self._data, self._path, options)

    def _change(self, m: Mutator) -> None:
        with h5py.File(self._path, "r+") as file:
            for _ in range(1 + m.below(2)):
                try:
                    m.draw.choice(CHANGES)(m, file, self._folder)
                except IMPOSSIBLE:
                    continue  # after an earlier change, or ever: HDF5 does not write that


def _datasets(file: Any) -> list[str]:
    found: list[str] = []
    file["data/demo_0"].visititems(
        lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None
    )
    return [f"data/demo_0/{name}" for name in found]


def _any(m: Mutator, file: Any) -> str:
    return m.draw.choice(_datasets(file))


def _told(m: Mutator, file: Any, folder: Path) -> None:
    """Other JSON in an attribute."""
    place, name = m.draw.choice(
        (
            *[("data", "env_args")] * 3,
            ("data", "cameras"),
            ("data/demo_0", "ep_meta"),
            ("data/demo_0", "camera_info"),
            ("data/demo_0", "subtasks"),
        )
    )
    attributes: Any = file[place].attrs
    text = m.json(json.loads(attributes[name]))
    attributes[name] = np.array(text, h5py.string_dtype("utf-8", max(1, len(text))))


def _attribute(m: Mutator, file: Any, folder: Path) -> None:
    """An attribute of another type."""
    attributes: Any = file[m.draw.choice(("data", "data/demo_0"))].attrs
    name = m.draw.choice(list(attributes))
    del attributes[name]
    values = (None, -5, 1e300, np.nan, np.zeros(7000), "x", h5py.Empty("f"), file.ref, [b"a"])
    if (value := m.draw.choice(values)) is not None:
        attributes[name] = value


def _absent(m: Mutator, file: Any, folder: Path) -> None:
    del file[m.draw.choice((_any(m, file), "data/demo_0/obs", "data"))]


def _other_type(m: Mutator, file: Any, folder: Path) -> None:
    name = _any(m, file)
    shape = file[name].shape
    del file[name]
    kinds = ("f2", ">i8", "S10", h5py.string_dtype(), h5py.ref_dtype, "V16", "c16", "u1", "g", "?")
    shapes = (shape, shape[:1], (), (0,), (*shape, 1), (1, *shape), (5, 5))
    file.create_dataset(name, m.draw.choice(shapes), m.draw.choice(kinds))


def _huge(m: Mutator, file: Any, folder: Path) -> None:
    """Much more than is written."""
    name = _any(m, file)
    shape, kind = file[name].shape, file[name].dtype
    del file[name]
    steps = m.draw.choice((shape[0], 10**5, 1 << 40))
    sides = m.draw.choice((shape[1:], (4000, 4000, 3), (1 << 20,)))
    packed = m.draw.choice((None, "gzip", "lzf"))
    chunks = m.draw.choice((None, (1, *sides), tuple(min(side, 64) for side in (steps, *sides))))
    if chunks is None and not packed:
        file.create_dataset(name, (steps, *sides), kind)
    else:
        file.create_dataset(name, (steps, *sides), kind, chunks=chunks or True, compression=packed)


def _bomb(m: Mutator, file: Any, folder: Path) -> None:
    """A piece that unfolds to thousands of times what it tells."""
    name = _any(m, file)
    rows = file[name][:]
    del file[name]
    made = file.create_dataset(
        name, rows.shape, rows.dtype, chunks=rows.shape, compression="gzip", shuffle=m.chance(0.2)
    )
    made.id.write_direct_chunk((0,) * rows.ndim, _gibibyte(), m.draw.choice((0, 0, 1)))


@cache
def _gibibyte() -> bytes:
    """Of zeros, packed into a megabyte."""
    packer, zeros = zlib.compressobj(), bytes(1 << 24)
    return b"".join([*(packer.compress(zeros) for _ in range(64)), packer.flush()])


def _link(m: Mutator, file: Any, folder: Path) -> None:
    name = m.draw.choice((_any(m, file), "data/demo_0", "data/demo_0/obs", "mask", "data"))
    del file[name]
    file[name] = m.draw.choice(
        (
            h5py.ExternalLink(str(folder / "secret.h5"), "/rows"),
            h5py.ExternalLink("/dev/zero", "/"),
            h5py.ExternalLink(FILE, "/data"),
            h5py.SoftLink(f"/{name}"),
            h5py.SoftLink("/"),
        )
    )


def _elsewhere(m: Mutator, file: Any, folder: Path) -> None:
    """Rows of another file."""
    name = _any(m, file)
    shape, kind = file[name].shape, file[name].dtype
    del file[name]
    if m.chance(0.5):
        source = m.draw.choice((str(folder / "secret.h5"), "/etc/passwd", "/dev/zero"))
        file.create_dataset(name, shape, kind, external=[(source, 0, h5py.h5f.UNLIMITED)])
        return
    layout = h5py.VirtualLayout(shape, kind)
    layout[:] = h5py.VirtualSource(str(folder / "secret.h5"), "rows", shape)
    file.create_virtual_dataset(name, layout)


def _numbers(m: Mutator, file: Any, folder: Path) -> None:
    """Some of them, or all."""
    name = _any(m, file)
    rows = file[name][:]
    with np.errstate(all="ignore"):
        try:
            number = np.array(m.draw.choice(NUMBERS)).astype(rows.dtype)
        except (OverflowError, TypeError):
            number = np.array(1).astype(rows.dtype)
    if m.chance(0.3):
        rows[...] = number
    else:
        rows[(m.below(len(rows)), *(0,) * (rows.ndim - 1))] = number
    file[name][...] = m.draw.choice((rows, rows, rows[::-1]))


def _cycle(m: Mutator, file: Any, folder: Path) -> None:
    """A group that holds itself."""
    file["data/demo_0/obs/again_image"] = file["data/demo_0"]
    file["data/demo_7"] = file["data"]


CHANGES: Sequence[Change] = (
    _told, _told, _told, _attribute, _attribute, _absent, _other_type, _other_type, _huge, _huge,
    _bomb, _link, _elsewhere, _numbers, _numbers, _numbers, _cycle,
)  # fmt: skip
SURFACE = RobomimicFiles
