"""A file that somebody wrote to do harm is refused before it does any."""

import re
import resource
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from fuzzing.robosuite_file import STEPS, write_file

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.takes.take_folder import take_folders

PICTURES, ACTIONS = "obs/agentview_image", "actions"
MOST_MIB = 200


def replaced(name: str, *shape: Any, **how: Any) -> Callable[[Any, Path], None]:
    def change(demo: Any, folder: Path) -> None:
        kind = demo[name].dtype
        del demo[name]
        demo.create_dataset(name, shape, kind, **how)

    return change


def linked(name: str, to: Callable[[Path], Any]) -> Callable[[Any, Path], None]:
    def change(demo: Any, folder: Path) -> None:
        del demo[name]
        demo[name] = to(folder)

    return change


def virtual(demo: Any, folder: Path) -> None:
    shape, kind = demo[PICTURES].shape, demo[PICTURES].dtype
    layout = h5py.VirtualLayout(shape, kind)
    layout[:] = h5py.VirtualSource(str(folder / "secret.h5"), "rows", shape)
    del demo[PICTURES]
    demo.create_virtual_dataset(PICTURES, layout)


def objects(demo: Any, folder: Path) -> None:
    del demo[ACTIONS]
    demo.create_dataset(ACTIONS, (STEPS, 7), h5py.string_dtype())


def bomb(demo: Any, folder: Path) -> None:
    packer, zeros = zlib.compressobj(), bytes(1 << 24)
    content = b"".join([*(packer.compress(zeros) for _ in range(64)), packer.flush()])
    shape = demo[PICTURES].shape
    del demo[PICTURES]
    made = demo.create_dataset(PICTURES, shape, "u1", chunks=shape, compression="gzip")
    made.id.write_direct_chunk((0, 0, 0, 0), content)


def short(demo: Any, folder: Path) -> None:
    """A piece that unfolds to less than it tells."""
    shape = demo[PICTURES].shape
    del demo[PICTURES]
    made = demo.create_dataset(PICTURES, shape, "u1", chunks=shape, compression="gzip")
    made.id.write_direct_chunk((0, 0, 0, 0), zlib.compress(b"few"))


def text_of_numbers(demo: Any, folder: Path) -> None:
    demo.attrs["ep_meta"] = np.zeros(1000)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (linked(PICTURES, lambda at: h5py.ExternalLink(str(at / "secret.h5"), "/rows")), "link"),
        (linked(PICTURES, lambda at: h5py.SoftLink("/data")), "a link to somewhere else"),
        (linked("obs", lambda at: h5py.ExternalLink("/dev/zero", "/")), "'obs' is a link"),
        (virtual, "lie in another file"),
        (
            replaced(PICTURES, STEPS, 8, 8, 3, external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)]),
            "lie in another file",
        ),
        (objects, "holds no plain numbers"),
        (replaced(ACTIONS, 1 << 40, 7, chunks=(1000, 7)), "1099511627776 steps"),
        (replaced(ACTIONS, STEPS, 1 << 40, chunks=(1, 1000)), "its actions have the shape"),
        (replaced(PICTURES, STEPS, 4000, 4000, 3, chunks=(1, 64, 64, 3)), "not all were written"),
        (replaced(PICTURES, STEPS, 1 << 20, 8, 3, chunks=(1, 64, 8, 3)), "1048576 pixels"),
        (
            replaced(PICTURES, STEPS, 4000, 4000, 3, chunks=(12, 4000, 4000, 3), compression=1),
            "too large to hold",
        ),
        (replaced(PICTURES, STEPS, 8, 8, 3, compression="lzf"), "otherwise than by gzip"),
        (bomb, "unfolds to another size|larger than what it holds"),
        (short, "unfolds to another size"),
        (text_of_numbers, "'ep_meta' is no text"),
    ],
)
def test_it_is_refused_in_words_and_needs_no_memory(
    tmp_path: Path, change: Callable[[Any, Path], None], words: str
) -> None:
    path = write_file(tmp_path / "dataset.hdf5")
    with h5py.File(tmp_path / "secret.h5", "w") as secret:
        secret["rows"] = np.zeros((STEPS, 24, 24, 3), np.uint8)
    with h5py.File(path, "r+") as file:
        change(file["data/demo_0"], tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = import_takes(tmp_path / "data", path, ImportOptions(), lambda message, share: None)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (reason,) = done.left_out.values()
    assert re.search(words, reason), reason
    assert (after - before) >> 10 < MOST_MIB
    assert take_folders(tmp_path / "data" / "takes") == []


def test_a_list_of_demos_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    path = write_file(tmp_path / "dataset.hdf5")
    with h5py.File(path, "r+") as file:
        file["data/demo_1"] = h5py.SoftLink("/data/demo_0")
        file["data/demo_2"] = h5py.ExternalLink(str(path), "/data/demo_0")
    done = import_takes(tmp_path / "data", path, ImportOptions(), lambda message, share: None)
    assert len(done.takes) == 1
    assert all("a link to somewhere else" in reason for reason in done.left_out.values())
    assert len(done.left_out) == 2
