"""Reads a take: its info, its streams as arrays, its images one by one."""

import json
from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import h5py
import numpy as np
from numpy.typing import NDArray

from ...runtime.validation import shown
from ..errors import NotATake, TakeDamaged, WrongSchema
from ..steps import Image
from .attributes import read_info, schema_of
from .checksum import check_length, read_checksum
from .depth import Depth, decode_depth
from .format import (
    ARCHIVED,
    DEPTH,
    ERRORS,
    EVENTS,
    RECORDED,
    ROBOT_ERRORS,
    ROBOT_ERRORS_KIND,
    SCHEMA,
    SIMULATION,
    RecordKind,
    TakeInfo,
    camera_kind,
    measuring_depth,
    tables,
)
from .hdf5_validation import find, find_records, reading, require_poses
from .pictures import JpegPictures, PictureFilter, Pictures, VideoPictures, as_recorded
from .recorded_streams import (
    ActionStream,
    Event,
    FrameStream,
    RobotErrors,
    RobotStream,
    SimulationStream,
)
from .take_folder import take_file

Stream = TypeVar("Stream", RobotStream, ActionStream)


class Take:
    """An open take. Use as a context manager, or call ``close``."""

    def __init__(self, path: Path, file: h5py.File, info: TakeInfo, through: PictureFilter) -> None:
        self.path = path
        self.info = info
        self._file = file
        self._through = through
        self._datasets: dict[str, h5py.Dataset] = {}  # to look one up costs more than to read it

    @classmethod
    def open(
        cls, path: Path, *, damaged_too: bool = False, through: PictureFilter = as_recorded
    ) -> "Take":
        """Open a take's file or folder; its pictures are seen ``through`` a filter.

        Raises TakeMissing, NotATake, WrongSchema and TakeDamaged; the last also for a take
        that carries the mark, unless ``damaged_too``. Changed bytes are ``check``'s to find.
        """
        path = take_file(Path(path))
        read_checksum(path)
        version = check_length(path).version
        with reading(path):
            file = h5py.File(path, "r")
        try:
            return cls._read(path, file, version, damaged_too, through)
        except BaseException:
            file.close()
            raise

    @classmethod
    def _read(
        cls, path: Path, file: h5py.File, version: int, damaged_too: bool, through: PictureFilter
    ) -> "Take":
        check_schema(path, file)
        with reading(path, "its description"):
            take = cls(path, file, read_info(file), through)
        if not version == take.info.schema_version == schema_of(file)[1]:
            raise TakeDamaged(path, "it is said to be of two schemas")
        if take.info.damaged and not damaged_too:
            raise TakeDamaged(path, take.info.damaged)
        _ = take.frames, take.depths  # rows and frames agree, or it does not open
        return take

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Take":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @cached_property
    def robot(self) -> RobotStream:
        return self._table("robot", RobotStream)

    @cached_property
    def actions(self) -> ActionStream:
        return self._table("actions", ActionStream)

    @cached_property
    def frames(self) -> Mapping[str, FrameStream]:
        """Camera name -> its frames' times and numbers."""
        kind = camera_kind(self.info)
        return {name: self._frame_stream(f"cameras/{name}", kind) for name in self.info.cameras}

    @cached_property
    def depths(self) -> Mapping[str, FrameStream]:
        """Name of a camera that measures depth -> when, and of which frames (``number``)."""
        return {
            name: self._frame_stream(f"cameras/{name}/depth", DEPTH)
            for name in measuring_depth(self.info.cameras)
        }

    def jpeg(self, camera: str, index: int) -> bytes:
        """A frame as JPEG, by its index (not its number): the recorded bytes, but of an archived
        take. Raises IndexError, and WrongRecord where it is damaged or of another size than its
        camera's; so do the other three."""
        return self._pictures[camera].jpeg(index)

    def image(self, camera: str, index: int) -> Image:
        """The RGB image (height, width, 3) of a frame."""
        return self._pictures[camera].image(index)

    def image_at_least(self, camera: str, index: int, height: int, width: int) -> Image:
        """A frame to be shrunk to (height, width): no smaller, and decoded no larger than that
        takes. See ``decode_jpeg_at_least``."""
        return self._pictures[camera].image_at_least(index, height, width)

    def require_whole(self, camera: str, index: int) -> None:
        """Raise unless a frame is there and has the size of its camera."""
        self._pictures[camera].require_whole(index)

    @cached_property
    def _pictures(self) -> Mapping[str, Pictures]:
        return {name: self._through(self._pictures_of(name)) for name in self.info.cameras}

    def _pictures_of(self, camera: str) -> Pictures:
        name, kind = f"cameras/{camera}", camera_kind(self.info)
        payload = partial(self._payload, name, kind, self.frames[camera])
        known, video = self.info.cameras[camera], self.info.video
        return VideoPictures(payload, known, video) if video else JpegPictures(payload, known)

    def depth(self, camera: str, index: int) -> Depth | None:
        """The depth (height, width) mm of a frame, by the frame's index; None without one.

        Raises IndexError, and WrongRecord where it is damaged.
        """
        frames = self.frames[camera]
        if not 0 <= index < len(frames):
            raise IndexError(f"{camera} has {len(frames)} frames, no frame {index}")
        place = self._depth_index.get((camera, int(frames.number[index])))
        return None if place is None else self.depth_image(camera, place)

    @cached_property
    def _depth_index(self) -> Mapping[tuple[str, int], int]:
        """Camera and frame number -> index of the depth."""
        return {
            (name, number): index
            for name, depths in self.depths.items()
            for index, number in enumerate(depths.number.tolist())
        }

    def depth_image(self, camera: str, index: int) -> Depth:
        """The depth (height, width) mm, by its own index. Raises IndexError, WrongRecord."""
        size = self.info.cameras[camera].height, self.info.cameras[camera].width
        payload = self._payload(f"cameras/{camera}/depth", DEPTH, self.depths[camera], index)
        return decode_depth(payload, *size)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        rows, payload = self._records("events", EVENTS)
        with reading(self.path, "its events"):
            texts = [json.loads(part.tobytes()) for part in _parts(rows, payload)]
            pairs = zip(rows["time_ns"], texts, strict=True)
            return tuple(Event(int(at), text["kind"], text["text"]) for at, text in pairs)

    @cached_property
    def robot_errors(self) -> tuple[RobotErrors, ...] | None:
        """Each change of the robot's errors; None where it tells of none."""
        if ERRORS not in self.info.robot_measures:
            return None
        rows, payload = self._records(ROBOT_ERRORS, ROBOT_ERRORS_KIND)
        with reading(self.path, "its robot's errors"):
            names = [json.loads(part.tobytes()) for part in _parts(rows, payload)]
            pairs = zip(rows["time_ns"], names, strict=True)
            return tuple(RobotErrors(int(at), tuple(errors)) for at, errors in pairs)

    @cached_property
    def simulation(self) -> SimulationStream:
        """Empty, qpos (0, 0), on a real robot."""
        rows, payload = self._records("simulation", SIMULATION)
        with reading(self.path, "its simulator states"):
            states = payload[:].reshape(len(rows), -1) if len(rows) else np.zeros((0, 0))
        return SimulationStream(
            number=rows["number"].copy(), time_ns=rows["time_ns"].copy(), qpos=states
        )

    def _table(self, name: str, kind: type[Stream]) -> Stream:
        with reading(self.path, f"stream {name!r}"):
            columns = _columns(find(self._file, f"{name}/samples", tables(self.info)[name])[:])
            require_poses(columns)
            return kind(**columns)

    def _frame_stream(self, name: str, kind: RecordKind) -> FrameStream:
        return FrameStream(**_columns(self._records(name, kind)[0]))

    def _payload(self, name: str, kind: RecordKind, rows: FrameStream, index: int) -> bytes:
        if not 0 <= index < len(rows):
            raise IndexError(f"{name} has {len(rows)} frames, no frame {index}")
        start, length = rows.offset[index], rows.length[index]
        with reading(self.path, f"frame {index} of {name!r}"):
            return self._dataset(f"{name}/{kind.payload}")[start : start + length].tobytes()

    def _records(self, name: str, kind: RecordKind) -> tuple[NDArray[Any], h5py.Dataset]:
        with reading(self.path, f"stream {name!r}"):
            return find_records(self._file, name, kind)

    def _dataset(self, name: str) -> h5py.Dataset:
        if name not in self._datasets:
            dataset = self._file[name]
            assert isinstance(dataset, h5py.Dataset)  # ``frames`` looked
            self._datasets[name] = dataset
        return self._datasets[name]


def check_schema(path: Path, file: h5py.File) -> None:
    """Raise NotATake or WrongSchema unless the attributes say that we can read the file."""
    with reading(path, "its schema"):
        name, version = schema_of(file)
    if name != SCHEMA:
        raise NotATake(path, f"an HDF5 file of schema {shown(name)}")
    if version not in (RECORDED, ARCHIVED):
        raise WrongSchema(path, shown(version))


def _columns(rows: NDArray[Any]) -> dict[str, NDArray[Any]]:
    assert rows.dtype.names is not None
    return {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names}


def _parts(rows: NDArray[Any], payload: h5py.Dataset) -> list[NDArray[Any]]:
    return np.split(payload[:], np.cumsum(rows["length"])[:-1]) if len(rows) else []
