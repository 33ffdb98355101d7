"""Takes, recorded and archived: HDF5 files that are cut, flipped, rebuilt, or were never ours."""

import pickle
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np

from teachloop.app.web.take_cache import TakeCache
from teachloop.datasets.alignment import align
from teachloop.datasets.archive_take import archive_take
from teachloop.datasets.catalog_rows import index_take
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import mark_unfinished, write_checksum
from teachloop.datasets.takes.format import ARCHIVED, RECORDED, USER_BLOCK_BYTES
from teachloop.datasets.takes.hdf5_validation import UNREADABLE
from teachloop.datasets.takes.poster import make_poster
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.recover import recover
from teachloop.datasets.takes.take_folder import PARTIAL, TAKE
from teachloop.runtime.errors import TeachloopError

from ..mutators import Mutator
from ..samples import TAKE_ID, Pickled, record
from ..surface import Accepted
from .hdf5_changes import CHANGES, SECRET


class Takes:
    """One take's folder, filled anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._folder = record(folder / "good")
        recorded = (self._folder / TAKE).read_bytes()
        archive_take(self._folder)
        self._kinds = ((RECORDED, recorded), (ARCHIVED, (self._folder / TAKE).read_bytes()))
        self._version, self._good = self._kinds[0]
        self._data = folder / "data"
        self._take = self._data / "takes" / TAKE_ID
        self._pickle = pickle.dumps(Pickled(folder / "canary"))
        self._secret = folder / "secret.h5"
        with h5py.File(self._secret, "w") as file:
            file["jpeg"] = np.frombuffer(SECRET, np.uint8)
        (folder / "secret.bin").write_bytes(SECRET)

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        self._take.mkdir(parents=True)
        path = self._take / TAKE
        self._version, self._good = self._kinds[m.chance(0.3)]
        path.write_bytes(self._good)
        self._change(m, path)
        m.ready()
        if m.chance(0.15):
            path.rename(self._take / PARTIAL)
            recover(self._data / "takes")
        if not path.is_file():
            return "nothing could be recovered"
        check(self._take)
        index_take(self._take)
        if m.chance(0.2):
            with suppress(TeachloopError):
                archive_take(self._take)
        return "; ".join(filter(None, (self._read(path), self._shown())))

    def _change(self, m: Mutator, path: Path) -> None:
        how = m.below(10)
        if how < 2:
            path.write_bytes(m.changed(self._good))
        elif how < 4:
            head, rest = self._good[:USER_BLOCK_BYTES], self._good[USER_BLOCK_BYTES:]
            path.write_bytes(head + m.changed(rest))
        elif how < 5:
            path.write_bytes(m.draw.choice((b"", self._pickle, self._secret.read_bytes())))
        else:
            self._rebuild(m, path)
        self._finish(m, path)

    def _rebuild(self, m: Mutator, path: Path) -> None:
        with h5py.File(path, "r+") as file:
            for _ in range(1 + m.below(2)):
                with suppress(*UNREADABLE):
                    m.draw.choice(CHANGES)(m, file, self._secret.parent)

    def _finish(self, m: Mutator, path: Path) -> None:
        """Mostly with the checksum that fits, or a reader sees no more than the length."""
        with suppress(OSError, ValueError):
            if m.chance(0.8):
                write_checksum(path, version=self._version)
            elif m.chance(0.5):
                mark_unfinished(path)

    def _read(self, path: Path) -> str:
        try:
            with Take.open(path, damaged_too=True) as take:
                said = [_tried(look, take) for look in LOOKS]
        except TeachloopError as error:
            return str(error)
        return next(filter(None, said), "")

    def _shown(self) -> str:
        cache = TakeCache(self._data)
        try:
            cache.detail(TAKE_ID).model_dump_json()
            cache.poster(TAKE_ID)
        except TeachloopError as error:
            return str(error)
        finally:
            cache.close()
        return ""


def _tried(look: Callable[[Take], object], take: Take) -> str:
    try:
        look(take)
    except TeachloopError as error:
        return str(error)
    return ""


def _streams(take: Take) -> None:
    robot, actions = take.robot, take.actions
    if not robot.joint_positions_rad.shape[1:] == (7,) or not actions.applied_pose.shape[1:] == (
        4,
        4,
    ):
        raise Accepted("rows of another shape")


def _images(take: Take) -> None:
    for name, frames in take.frames.items():
        camera = take.info.cameras[name]
        for index in range(min(3, len(frames))):
            if SECRET in take.jpeg(name, index):
                raise Accepted("another file's content was read")
            if take.image(name, index).shape != (camera.height, camera.width, 3):
                raise Accepted("an image of another size")


def _depths(take: Take) -> None:
    for name, frames in take.frames.items():
        for index in range(min(3, len(frames))):
            take.depth(name, index)


def _project(take: Take) -> None:
    for camera in take.info.cameras.values():
        camera.project([[0.5, 0.0, 0.1]], np.eye(4))
        camera.rays([[1.0, 2.0]], np.eye(4))


LOOKS: Sequence[Callable[[Take], object]] = (
    _streams,
    _images,
    _depths,
    _project,
    lambda take: take.events,
    lambda take: take.robot_errors,
    lambda take: take.simulation,
    align,
    make_poster,
)
SURFACE = Takes
