"""Says what is wrong with a take, a take's folder or a data folder. Never raises for content."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import TeachloopError
from ..errors import TakeDamaged, TakeRefused, WrongSchema
from ..labels.edit_log import EditLog
from ..labels.label_faults import Views, label_faults
from ..labels.labels import LOG, SNAPSHOT, Labels, read_snapshot
from .checksum import verify
from .hdf5_validation import UNREADABLE
from .reader import Take, check_schema
from .recover import needs_recovery
from .take_folder import LABELS, TAKE, TAKES, being_written, find_take
from .trash import in_bin

RESTORE = "Bring the file back from a copy, or bin the take; its labels are kept."
RECOVER = "Run `teachloop recover`."


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and what to do about it."""

    path: Path
    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}. {self.hint}"


def check(path: Path) -> list[Finding]:
    """Check a take's file, a take's folder, a folder of takes or a data folder; of many takes,
    those that are not in the bin."""
    path = Path(path)
    if not path.exists():
        return [Finding(path, "there is nothing", "Give a take, its folder or a data folder.")]
    if path.is_file():
        return list(_take_faults(path))
    if (path / TAKE).exists() or needs_recovery(path):
        return list(_folder_faults(path))
    takes = path / TAKES if (path / TAKES).is_dir() else path
    folders = sorted(folder for folder in takes.iterdir() if folder.is_dir())
    if takes == path and not any((f / TAKE).exists() or needs_recovery(f) for f in folders):
        return [Finding(path, "no take is in it", "Give a take, its folder or a data folder.")]
    kept = (folder for folder in folders if not in_bin(folder))
    return [fault for folder in kept for fault in _folder_faults(folder)]


def require_sound(folder: Path) -> None:
    """Raise TakeRefused where there is anything wrong with a take's folder: whatever learns from a
    take, or judges by it, asks here. A process reads a take again only where its files changed."""
    faults = _faults_of(folder, _marks(folder))
    if not faults:
        return
    others = len(faults) - 1
    more = f" `teachloop check` tells {others} more." if others else ""
    raise TakeRefused(folder.name, faults[0].what, f"{faults[0].hint}{more}")


@lru_cache(maxsize=4096)
def _faults_of(folder: Path, _marks: tuple[tuple[str, int, int], ...]) -> tuple[Finding, ...]:
    return tuple(check(folder))


def _marks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of change of each file of a take."""
    marks = []
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):  # a half-written snapshot got its name meanwhile
            status = path.stat()
            marks.append((path.as_posix(), status.st_size, status.st_mtime_ns))
    return tuple(marks)


def require_usable(data: Path, take_id: str) -> None:
    """Raise BadName, NoSuchTake, or TakeRefused of a take that is in the bin or not sound."""
    folder = find_take(data, take_id)
    if in_bin(folder):
        raise TakeRefused(take_id, "it is in the bin", "Take it back, or leave it out.")
    require_sound(folder)


def _folder_faults(folder: Path) -> Iterator[Finding]:
    if being_written(folder):
        return
    if needs_recovery(folder):
        yield Finding(folder, "a recording that was killed lies here", RECOVER)
    if (folder / TAKE).exists():
        yield from _take_faults(folder / TAKE)
    elif not needs_recovery(folder) and any(folder.iterdir()):
        yield Finding(folder, "it has no take.h5", "Remove the folder, or bring the file back.")
    yield from _label_faults(folder)


def _take_faults(path: Path) -> Iterator[Finding]:
    try:
        verify(path)
        with Take.open(path, damaged_too=True) as take:
            yield from (Finding(path, what, hint) for what, hint in _content_faults(take))
    except TakeDamaged as error:
        yield from _schema_fault(path)
        yield Finding(path, f"it is damaged: {error.reason}", RESTORE)
    except WrongSchema as error:
        yield Finding(path, str(error).removeprefix(f"{path} ").rstrip("."), "It was not read.")
    except (TeachloopError, *UNREADABLE) as error:
        text = str(error).removeprefix(f"{path} ").rstrip(".")
        yield Finding(path, text, "Only files that teachloop recorded can be checked.")


def _schema_fault(path: Path) -> Iterator[Finding]:
    """A file whose schema was changed fails its checksum too; say the better reason first."""
    try:
        with h5py.File(path, "r") as file:
            check_schema(path, file)
    except WrongSchema as error:
        yield Finding(path, str(error).removeprefix(f"{path} ").rstrip("."), "It was not read.")
    except (TeachloopError, *UNREADABLE):
        return


def _content_faults(take: Take) -> Iterator[tuple[str, str]]:
    if take.info.damaged:
        yield f"it is marked as damaged: {take.info.damaged}", "It is left out of training."
    times = _robot_times(take)
    times |= {f"camera {name!r}": frames.time_ns for name, frames in take.frames.items()}
    for name, time_ns in times.items():
        if not len(time_ns):
            yield f"it holds nothing of {name}", "Nothing can be learned from it; bin it."
        if (np.diff(time_ns) < 0).any():
            yield f"the times of {name} run backwards", "It cannot be aligned; bin it."
    for name, frames in take.frames.items():
        if (np.diff(frames.number) <= 0).any():
            yield f"the frame numbers of {name!r} do not rise", "Bin it, or mark it damaged."
        yield from _image_faults(take, name)
    for name in take.depths:
        yield from _depth_faults(take, name)
    _ = take.events, take.robot_errors, take.simulation  # raise where they cannot be read


def _robot_times(take: Take) -> dict[str, NDArray[np.int64]]:
    """Of the streams that a robot fills, in takes that have one."""
    if take.info.kind == "pictures":
        return {}
    return {"robot": take.robot.time_ns, "actions": take.actions.time_ns}


def _image_faults(take: Take, name: str) -> Iterator[tuple[str, str]]:
    camera = take.info.cameras[name]
    bad = []
    for index in range(len(take.frames[name])):
        try:
            take.require_whole(name, index)
        except TeachloopError:
            bad.append(index)
    if bad:
        size = f"{camera.width} × {camera.height}"
        yield f"{len(bad)} frames of {name!r}, first {bad[0]}, are no {size} picture", RESTORE


def _depth_faults(take: Take, name: str) -> Iterator[tuple[str, str]]:
    frames, depths = take.frames[name], take.depths[name]
    taken_ns = dict(zip(frames.number.tolist(), frames.time_ns.tolist(), strict=True))
    found = zip(depths.number.tolist(), depths.time_ns.tolist(), strict=True)
    strays = [number for number, time_ns in found if taken_ns.get(number) != time_ns]
    if strays:
        what = f"{len(strays)} depths of {name!r}, first of number {strays[0]}, go with no frame"
        yield what, "They are never read; the images are not concerned."
    if (np.diff(depths.number) <= 0).any():
        yield f"the numbers of the depths of {name!r} do not rise", "Bin it, or mark it damaged."
    bad = [index for index in range(len(take.depths[name])) if not _has_depth(take, name, index)]
    if bad:
        size = f"{take.info.cameras[name].width} × {take.info.cameras[name].height}"
        yield f"{len(bad)} depths of {name!r}, first {bad[0]}, are no {size} image", RESTORE


def _has_depth(take: Take, name: str, index: int) -> bool:
    try:
        take.depth_image(name, index)
    except TeachloopError:
        return False
    return True


def _label_faults(folder: Path) -> Iterator[Finding]:
    log = EditLog(folder / LABELS / LOG)
    try:
        if log.read_settled().torn:
            yield Finding(log.path, "its last line was cut short", "The next edit sets it aside.")
        labels = Labels(folder / LABELS)
        found = label_faults(labels.refresh(), _views(folder / TAKE))
        yield from (Finding(log.path, what, hint) for what, hint in found)
        yield from _snapshot_faults(folder / LABELS / SNAPSHOT, labels)
    except (TeachloopError, OSError) as error:
        text = str(error).removeprefix(f"{log.path} ").rstrip(".")
        yield Finding(log.path, text, "The take itself is not concerned.")


def _views(path: Path) -> Views | None:
    """None where the take does not open, which its own faults tell."""
    try:
        with Take.open(path, damaged_too=True) as take:
            return Views(take)
    except (TeachloopError, *UNREADABLE):
        return None


def _snapshot_faults(path: Path, labels: Labels) -> Iterator[Finding]:
    cached = read_snapshot(path.parent)
    whole = cached is not None and cached[0] == labels.at(cached[0].revision)
    if path.exists() and not whole:
        yield Finding(path, "it is not what the log says", "Delete it; it is made again.")
