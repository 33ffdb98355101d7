"""An object as it looked in other takes of the same task, found in the first frame of this one."""

from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path

from ...datasets.catalog import Catalog
from ...datasets.catalog_rows import TakeRow
from ...datasets.labels.labels import Labels
from ...datasets.labels.masks import MaskRecord, area, decode
from ...datasets.labels.snapshot import Snapshot
from ...datasets.takes.take_folder import TAKES
from ...runtime.errors import TeachloopError
from ..propagation.interface import FrameKey
from ..segmenters.interface import Click, Mask
from ..take_frames import TakeFrames
from .interface import Suggestion
from .matching import View, find_like
from .sight import Sight

LOOKED_AT = 6  # takes, the newest first
ALIKE = "it looks like that of another take of the task"
_SURE = 0.8  # of a mask that a person has not seen
_LEAST_PX = 80  # of it


def takes_alike(data: Path, take_id: str, name: str) -> list[Path]:
    """The folders of some other takes of a take's task in which an object of that name, or one that
    is called the same, may have masks, the newest first. Raises CatalogUnusable."""
    with Catalog(data) as catalog:
        catalog.refresh()
        rows = catalog.takes()
    own = next((row for row in rows if row.take_id == take_id), None)
    if own is None:
        return []
    wanted = {name, *own.synonyms.get(name, ())}
    others = [row for row in rows if row is not own and _of_task(row, own)]
    alike = [row for row in others if any(wanted & _called(row, each) for each in row.objects)]
    labelled = [row for row in alike if row.masks and not row.damaged]
    return [data / TAKES / row.take_id for row in labelled[:LOOKED_AT]]


def _called(row: TakeRow, name: str) -> set[str]:
    return {name, *row.synonyms.get(name, ())}


def _of_task(row: TakeRow, own: TakeRow) -> bool:
    return row.task == own.task if own.task else row.instruction == own.instruction


def take_suggestions(
    sight: Sight,
    snapshot: Snapshot,
    name: str,
    others: Callable[[], Sequence[Path]],
    cancelled: Callable[[], bool],
) -> Iterator[Suggestion]:
    """Positive clicks in the first frames of a take in which the object has no mask yet: once for
    each camera in whose picture it is surely found."""
    if any(of == name for _, _, of in snapshot.masks):
        return
    left = [camera for camera in sight.take_frames.cameras if len(sight.frames(camera))]
    for folder in others():
        for camera, click in _found(sight, folder, snapshot.called(name), left, cancelled):
            left.remove(camera)
            yield Suggestion(camera, int(sight.frames(camera)[0]), "other take", ALIKE, click)
        if not left or cancelled():
            return


def _found(
    sight: Sight,
    folder: Path,
    called: Sequence[str],
    cameras: Sequence[str],
    cancelled: Callable[[], bool],
) -> list[tuple[str, Click]]:
    """Camera and click; nothing of a take that cannot be read."""
    found: list[tuple[str, Click]] = []
    try:
        labels = Labels.open(folder).snapshot
        names = {name for name in map(labels.named, called) if name}
        with TakeFrames.open(folder) as other:
            for camera in cameras:
                click = None if cancelled() else _click(sight, camera, other, labels, names)
                found += [] if click is None else [(camera, click)]
    except TeachloopError:
        return []
    return found


def _click(
    sight: Sight, camera: str, other: TakeFrames, labels: Snapshot, names: Set[str]
) -> Click | None:
    known = _first_mask(other, labels, camera, names)
    if known is None:
        return None
    place, mask = known
    first = camera, int(sight.frames(camera)[0])
    if other.shape(camera) != sight.take_frames.shape(camera):
        return None
    return find_like(_view(other, place), mask, _view(sight.take_frames, first))


def _first_mask(
    other: TakeFrames, labels: Snapshot, camera: str, names: Set[str]
) -> tuple[FrameKey, Mask] | None:
    """The first frame that says what the object looks like."""
    found = [
        place
        for place, record in labels.masks.items()
        if place[0] == camera and place[2] in names and camera in other.cameras and _good(record)
    ]
    if not found:
        return None
    first = min(found)
    return first[:2], decode(labels.masks[first].rle)


def _good(record: MaskRecord) -> bool:
    return area(record.rle) >= _LEAST_PX and (record.by_person or record.confidence >= _SURE)


def _view(take_frames: TakeFrames, place: FrameKey) -> View:
    camera = take_frames.cameras[place[0]]
    return View(take_frames.image(*place), camera, take_frames.ee_pose(*place))
