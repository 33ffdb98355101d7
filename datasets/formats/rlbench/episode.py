"""One saved demo as an episode."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....geometry.camera import Camera
from ...labels.edit import Edit
from ...labels.edits import SetMask
from ...labels.label_values import ObjectLabel
from ...labels.masks import MaskRecord, MaskSource, encode
from ...labels.object_edits import SetObjects
from ...takes.depth import Depth
from ...takes.jpeg import encode_jpeg
from ..imported.episode import Description, EpisodeRefused, Picture
from .cameras import Range, camera_of, range_of
from .demo import LOW_DIM, Demo, read_demo
from .frames import (
    COLOURS,
    DEPTH,
    HANDLES,
    cameras_in,
    picture_path,
    picture_size,
    read_depth,
    read_handles,
    read_picture,
)
from .words import DESCRIPTIONS, task_of, wordings

RATE_HZ = 20.0
OPEN_ACTIONS = (
    "A demo holds no actions: each step's target is the pose that the next step reached, and the "
    "gripper's is whether it was open there. They count as decided by a script, RLBench's planner.",
    "A demo holds no times: its steps are taken as 0.05 s apart, as RLBench simulates them.",
    "RLBench saves the demos that succeeded, so the take counts as a success.",
    "Forces at the joints and the fingers, the task's own state and the generator of random "
    "numbers were left out.",
)
Names = Mapping[int, str]  # handle -> what the object is called


class StoredDemo:
    """The folder of one demo."""

    def __init__(self, folder: Path, root: Path, names: Names) -> None:
        self._folder, self._names = folder, names
        self.place = str(folder.relative_to(root)) if folder != root else folder.name

    def sha256(self) -> str:
        """Of the demo, its sentences and all pictures that belong to it, and of the names that
        objects were given. Raises OSError, EpisodeRefused."""
        whole = sha256(repr(sorted(self._names.items())).encode())
        beside = self._folder.parent.parent / DESCRIPTIONS
        kinds = [f"*_{kind}/*.png" for kind in (COLOURS, DEPTH, HANDLES)]
        pictures = sorted(path for kind in kinds for path in self._folder.glob(kind))
        for path in (self._folder / LOW_DIM, self._folder / DESCRIPTIONS, beside, *pictures):
            if path.is_file():
                name = path.relative_to(self._folder.parent.parent).parts[2:]
                whole.update("/".join(name).encode("utf-8", "replace"))
                whole.update(sha256(path.read_bytes()).digest())
        return whole.hexdigest()

    def read(self) -> "DemoEpisode":
        """Raises EpisodeRefused, OSError."""
        return DemoEpisode(self._folder, read_demo(self._folder), self._names)


class DemoEpisode:
    """A demo, its pictures, and what is said of it."""

    def __init__(self, folder: Path, demo: Demo, names: Names) -> None:
        self._folder, self._demo, self._names = folder, demo, names
        self._ranges = {name: self._range(name) for name in _cameras(folder)}
        self._cameras = {name: self._camera(name) for name in self._ranges}
        self.steps, self.motion = len(demo), demo.motion
        self.description = self._describe()

    def _range(self, name: str) -> Range | None:
        """Of a camera's depth; None where it has none, or none that can be told in metres."""
        first = picture_path(self._folder, name, DEPTH, 0)
        return range_of(self._demo, name) if first.is_file() else None

    def _camera(self, name: str) -> Camera:
        size = picture_size(picture_path(self._folder, name, COLOURS, 0))
        return camera_of(self._demo, name, size, self._ranges[name] is not None)

    def _describe(self) -> Description:
        said, why_none = wordings(self._folder)
        return Description(
            rate_hz=RATE_HZ,
            task=task_of(self._folder),
            wordings=said,
            robot="panda of RLBench",
            cameras=self._cameras,
            success=True,
            assumed=[*OPEN_ACTIONS, *([why_none] if why_none else []), *self._unknown()],
        )

    def _unknown(self) -> Iterator[str]:
        if guessed := [name for name, each in self._cameras.items() if not each.calibrated]:
            yield f"The demo does not tell where {', '.join(guessed)} stood: not calibrated."
        flat = [name for name, seen in self._ranges.items() if seen is None]
        if left := [name for name in flat if (self._folder / f"{name}_{DEPTH}").is_dir()]:
            yield f"The depth of {', '.join(left)} has no known range, and was left out."
        if not self._names and any(self._folder.glob(f"*_{HANDLES}")):
            yield "Masks were left out: they tell handles, and no handle was given a name."

    def pictures(self) -> Iterator[Picture]:
        """Raises EpisodeRefused."""
        for name, camera in self._cameras.items():
            for step in range(self.steps):
                path = picture_path(self._folder, name, COLOURS, step)
                pixels = read_picture(path, (camera.height, camera.width))
                yield Picture(name, step, encode_jpeg(pixels), self._depth(name, step))

    def _depth(self, name: str, step: int) -> Depth | None:
        seen, camera = self._ranges[name], self._cameras[name]
        if seen is None:
            return None
        path = picture_path(self._folder, name, DEPTH, step)
        return read_depth(path, (camera.height, camera.width), seen)

    def edits(self, times_ns: NDArray[np.int64]) -> list[Edit]:
        """The masks of the handles that have names. Only where one object is named is it known
        to be what the instruction is about. Raises EpisodeRefused."""
        names = list(dict.fromkeys(self._names.values()))
        if not names:
            return []
        labels = [ObjectLabel(name, target=len(names) == 1) for name in names]
        return [SetObjects(tuple(labels)), *self._masks(names)]

    def _masks(self, names: Sequence[str]) -> Iterator[Edit]:
        for camera, known in self._cameras.items():
            for step in range(self.steps):
                path = picture_path(self._folder, camera, HANDLES, step)
                if not path.is_file():
                    continue
                handles = read_handles(path, (known.height, known.width))
                for name in names:
                    called = [handle for handle, each in self._names.items() if each == name]
                    rle = encode(np.isin(handles, called))
                    yield SetMask(camera, step, name, MaskRecord(rle=rle, source=SIMULATOR))


SIMULATOR = MaskSource.PROJECTED  # drawn from where things were


def _cameras(folder: Path) -> list[str]:
    """Raises EpisodeRefused."""
    if not (found := cameras_in(folder)):
        raise EpisodeRefused("No camera's pictures lie beside the demo.")
    return found
