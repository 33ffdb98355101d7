"""One episode: its numbers, its videos, and what is said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from ....geometry.camera import Camera
from ....runtime.file_hash import sha256_of
from ....runtime.text import one_line
from ...labels.edit import Edit
from ...takes.jpeg import encode_jpeg
from ...tasks import LONGEST
from ..imported.episode import Description, EpisodeRefused, Picture
from ..imported.stored import dataset_at, has, number, opened, table_at
from ..imported.unfolding import blocks
from .cameras import camera_of, name_of, read_names
from .folder import TRAJECTORY, videos_in
from .metadata import Metadata, Wordings, metadata_file, metadata_of
from .robot import GRIPPER, JOINTS, READ, arm_of, moved
from .video import frames_of, size_of

USUAL_HZ = 15.0
SLOWEST_HZ, FASTEST_HZ = 1.0, 1000.0
BEGINS = "observation/timestamp/control/step_start"  # ms
MOST_STEPS = 100_000
ASSUMED = (
    "DROID's steps are not evenly apart; they are taken as such, at the mean rate of the episode.",
    "The gripper is taken for a Robotiq 2F-85, 85 mm wide: 0 is open, 1 is closed.",
    "A step whose action was skipped counts as held, every other as decided by the operator.",
    "Torques, the other eye of stereo, SVO files and what the controller says were left out.",
)


class StoredEpisode:
    """The folder of one."""

    def __init__(self, folder: Path, root: Path, wordings: Wordings) -> None:
        self._folder, self._wordings = folder, wordings
        self.place = str(folder.relative_to(root)) if folder != root else folder.name

    def sha256(self) -> str:
        """Of all that is read of it. Raises OSError, EpisodeRefused."""
        whole = sha256(repr(self._said(metadata_of(self._folder))).encode())
        beside = metadata_file(self._folder)
        videos = videos_in(self._folder)
        for path in (*([beside] if beside else []), *videos.values()):
            whole.update(repr((path.name, sha256_of(path))).encode())
        with self._opened() as file:
            steps = _steps(file)
            names = [name for serial in videos for name in read_names(serial)]
            for name in (*READ, BEGINS, *names):
                if has(file, name):
                    whole.update(repr(name).encode())
                    for block in blocks(name, dataset_at(file, name)):
                        whole.update(np.ascontiguousarray(block).tobytes())
            whole.update(repr((steps, _success(file, Metadata()))).encode())
        return whole.hexdigest()

    def read(self) -> "DroidEpisode":
        """Raises EpisodeRefused, OSError."""
        about = metadata_of(self._folder)
        with self._opened() as file:
            return DroidEpisode(self._folder, file, about, self._said(about))

    def _said(self, about: Metadata) -> tuple[str, ...]:
        told = one_line(about.current_task)[:LONGEST]
        return self._wordings.get(about.uuid) or ((told,) if told else ())

    @contextmanager
    def _opened(self) -> Iterator[h5py.File]:
        with opened(self._folder / TRAJECTORY, f"{TRAJECTORY} of {self.place}") as file:
            yield file


class DroidEpisode:
    """One whose numbers were read, and whose pictures were not."""

    def __init__(
        self, folder: Path, file: h5py.File, about: Metadata, said: tuple[str, ...]
    ) -> None:
        self.steps, arm = _steps(file), arm_of(about.robot_serial)
        self.motion, tool = moved(file, self.steps, arm)
        self._videos = _named(folder, file, self.steps, about)
        cameras = {name: camera for name, (_, camera) in self._videos.items()}
        guessed = [name for name, each in cameras.items() if not each.calibrated]
        unknown = [f"It does not tell where {', '.join(guessed)} stood: not calibrated."]
        self.description = Description(
            rate_hz=_rate_hz(file, self.steps),
            wordings=said,
            operator=one_line(about.user)[:LONGEST],
            robot="Franka of DROID",
            arm=arm,
            tool=tool,
            gripper=GRIPPER,
            cameras=cameras,
            success=_success(file, about),
            assumed=[*ASSUMED, *(unknown if guessed else [])],
        )

    def pictures(self) -> Iterator[Picture]:
        """Raises EpisodeRefused."""
        for name, (path, camera) in self._videos.items():
            size = camera.height, camera.width
            for step, image in enumerate(frames_of(path, self.steps, size)):
                yield Picture(name, step, encode_jpeg(image))

    def edits(self, times_ns: NDArray[np.int64]) -> list[Edit]:
        """There is nothing to say beyond its description."""
        return []


def _named(
    folder: Path, file: h5py.File, steps: int, about: Metadata
) -> dict[str, tuple[Path, Camera]]:
    """Raises EpisodeRefused, ValueError."""
    found: dict[str, tuple[Path, Camera]] = {}
    for serial, path in videos_in(folder).items():
        name = name_of(file, serial, steps, about.names)
        if name in found:
            name = f"camera_{serial}"
        found[name] = path, camera_of(file, serial, name, steps, size_of(path))
    if not found:
        raise EpisodeRefused("It has no videos: there is no recordings/MP4/*.mp4.")
    return found


def _steps(file: h5py.File) -> int:
    """Raises EpisodeRefused, LookupError, ValueError."""
    steps = len(dataset_at(file, JOINTS))
    if not 2 <= steps <= MOST_STEPS:
        raise EpisodeRefused(f"It has {steps} steps; 2 to {MOST_STEPS} may be.")
    return steps


def _rate_hz(file: h5py.File, steps: int) -> float:
    """The mean one. Raises LookupError, ValueError."""
    if not has(file, BEGINS):
        return USUAL_HZ
    times_ms = np.concatenate([*blocks(BEGINS, table_at(file, BEGINS, steps))]).ravel()
    passed_s = float(times_ms[-1] - times_ms[0]) / 1000
    if not (steps - 1) / FASTEST_HZ <= passed_s <= (steps - 1) / SLOWEST_HZ:
        return USUAL_HZ
    return round((steps - 1) / passed_s, 2)


def _success(file: h5py.File, about: Metadata) -> bool | None:
    """The file's own word comes first: it is changed where somebody changes his mind."""
    told = number(file, "success")
    return about.success if told is None else bool(told)
