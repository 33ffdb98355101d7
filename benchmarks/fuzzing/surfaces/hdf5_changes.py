"""Changes of a take that keep it an HDF5 file: other types, shapes, links, sizes, attributes."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import h5py
import numpy as np

from ..hostile import NUMBERS
from ..mutators import Mutator

SECRET = b"\xff\xd8of another file" * 40 + b"\xff\xd9"
Change = Callable[[Mutator, h5py.File, Path], None]


def _datasets(file: h5py.File) -> list[str]:
    found: list[str] = []
    file.visititems(
        lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None
    )
    return found


def _rows_in(file: h5py.File, name: str) -> h5py.Dataset:
    found = file[name]
    if not isinstance(found, h5py.Dataset):
        raise TypeError("an earlier change took it away")
    return found


def _any(m: Mutator, file: h5py.File) -> str:
    return m.draw.choice(_datasets(file))


def _description(m: Mutator, file: h5py.File, folder: Path) -> None:
    """An attribute is other JSON, or none."""
    name = m.draw.choice(list(file.attrs))
    if name.startswith("schema"):
        file.attrs[name] = m.draw.choice((b"teachloop.take", 2, "1", [1, 2], np.nan, b"\xff"))
        return
    raw = file.attrs[name]
    sample = json.loads(raw if isinstance(raw, str | bytes) else np.asarray(raw).tobytes())
    text = m.json(sample)
    file.attrs[name] = np.array(text, h5py.string_dtype("utf-8", max(1, len(text))))


def _attribute_type(m: Mutator, file: h5py.File, folder: Path) -> None:
    name = m.draw.choice(list(file.attrs))
    del file.attrs[name]
    value = m.draw.choice(
        (
            None,
            5,
            np.zeros(7000),
            "variable",
            h5py.Empty("f"),
            file.ref,
            [b"a", b"b"],
            np.void(b"raw"),
        )
    )
    if value is not None:
        file.attrs[name] = value


def _closing(m: Mutator, file: h5py.File, folder: Path) -> None:
    text = m.json(json.loads(_rows_in(file, "closing")[:].tobytes()))
    del file["closing"]
    file["closing"] = np.frombuffer(text, np.uint8)


def _no_dataset(m: Mutator, file: h5py.File, folder: Path) -> None:
    del file[_any(m, file)]


def _other_type(m: Mutator, file: h5py.File, folder: Path) -> None:
    name = _any(m, file)
    rows = len(_rows_in(file, name))
    del file[name]
    kind = m.draw.choice(
        ("f4", ">i8", "S10", h5py.string_dtype(), h5py.ref_dtype, "V16", "c16", "u1")
    )
    shape = m.draw.choice(((rows,), (rows, 2), (), (0,), (rows, 0, 3)))
    file.create_dataset(name, shape, kind)


def _group(m: Mutator, file: h5py.File, folder: Path) -> None:
    name = _any(m, file)
    del file[name]
    file.create_group(name)


def _huge(m: Mutator, file: h5py.File, folder: Path) -> None:
    """Many more rows than there are bytes, in chunks that are not there."""
    name = _any(m, file)
    _rows_in(file, name).resize((m.draw.choice((10**5, 10**9, 1 << 40)),))


def _large_chunks(m: Mutator, file: h5py.File, folder: Path) -> None:
    """One chunk of many times what a take has, packed to next to nothing."""
    name = _any(m, file)
    content, kind = _rows_in(file, name)[:], _rows_in(file, name).dtype
    del file[name]
    side = (1 << 26) // max(1, kind.itemsize)
    packed = m.draw.choice((None, "gzip"))
    made = file.create_dataset(
        name, (len(content),), kind, chunks=(side,), maxshape=(None,), compression=packed
    )
    if packed and m.chance(0.5):
        made[:] = content


def _packed(m: Mutator, file: h5py.File, folder: Path) -> None:
    name = _any(m, file)
    content = _rows_in(file, name)[:]
    many = np.resize(content, m.draw.choice((len(content), 200_000)))
    del file[name]
    file.create_dataset(name, data=many, compression="gzip", fletcher32=m.chance(0.5))


def _link(m: Mutator, file: h5py.File, folder: Path) -> None:
    """Into another file, to itself, or to nothing."""
    name = m.draw.choice((_any(m, file), "cameras/front/jpeg", "cameras", "robot"))
    del file[name]
    file[name] = m.draw.choice(
        (
            h5py.ExternalLink(str(folder / "secret.h5"), "/jpeg"),
            h5py.ExternalLink("secret.h5", "/"),
            h5py.ExternalLink("/dev/zero", "/"),
            h5py.ExternalLink("take.h5", "/"),
            h5py.SoftLink(f"/{name}"),
            h5py.SoftLink("/"),
            h5py.SoftLink("/actions/samples"),
        )
    )


def _external(m: Mutator, file: h5py.File, folder: Path) -> None:
    """Rows that lie in a file of somebody else."""
    name = m.draw.choice(
        ("cameras/front/jpeg", "events/text", "closing", "cameras/wrist/depth/zstd")
    )
    rows = len(_rows_in(file, name))
    source = m.draw.choice((str(folder / "secret.bin"), "/etc/passwd", "/dev/zero"))
    del file[name]
    file.create_dataset(name, (rows,), "u1", external=[(source, 0, h5py.h5f.UNLIMITED)])


def _virtual(m: Mutator, file: h5py.File, folder: Path) -> None:
    name = "cameras/front/jpeg"
    rows = len(_rows_in(file, name))
    layout = h5py.VirtualLayout((rows,), "u1")
    layout[: len(SECRET)] = h5py.VirtualSource(str(folder / "secret.h5"), "jpeg", (len(SECRET),))
    del file[name]
    file.create_virtual_dataset(name, layout)


def _rows(m: Mutator, file: h5py.File, folder: Path) -> None:
    """Numbers of some rows: times, places, lengths, poses."""
    names = [name for name in _datasets(file) if _rows_in(file, name).dtype.names]
    name = m.draw.choice(names)
    rows = _rows_in(file, name)[:]
    column = m.draw.choice(rows.dtype.names)
    for _ in range(1 + m.below(3)):
        row = m.below(len(rows))
        number = m.draw.choice(NUMBERS)
        with np.errstate(all="ignore"):
            try:
                rows[column][row] = number
            except (OverflowError, ValueError):
                rows[column][row] = m.draw.choice((0, 1, 100))
    _rows_in(file, name)[:] = rows


def _payload(m: Mutator, file: h5py.File, folder: Path) -> None:
    """JPEGs, depths, texts of the same length."""
    names = [name for name in _datasets(file) if _rows_in(file, name).dtype == np.uint8]
    name = m.draw.choice(names)
    content = _rows_in(file, name)[:].tobytes()
    changed = m.changed(content)[: len(content)].ljust(len(content), b"\0")
    _rows_in(file, name)[:] = np.frombuffer(changed, np.uint8)


def _bomb(m: Mutator, file: h5py.File, folder: Path) -> None:
    """A few bytes that unfold to gigabytes: a JPEG or a depth of an enormous size."""
    name = m.draw.choice(("cameras/front/jpeg", "cameras/wrist/jpeg"))
    content = bytearray(_rows_in(file, name)[:].tobytes())
    at = 0
    while (at := content.find(b"\xff\xc0", at)) >= 0:
        content[at + 5 : at + 9] = b"\xff\xdc\xff\xdc"  # height and width of a JPEG
        at += 2
    _rows_in(file, name)[:] = np.frombuffer(bytes(content), np.uint8)


CHANGES: Sequence[Change] = (
    _description, _description, _attribute_type, _closing, _no_dataset, _other_type, _group, _huge,
    _large_chunks, _packed, _link, _external, _virtual, _rows, _rows, _payload, _bomb,
)  # fmt: skip
