"""The frames of a take of which masks are said, with their pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ...runtime.json_file import JsonObject
from ..errors import TakeRefused, WrongLabel, WrongRecord
from ..labels.labels import Labels
from ..labels.masks import MaskKey, MaskRecord, WrongMask, area, check
from ..labels.snapshot import Snapshot
from ..takes.format import TakeInfo
from ..takes.jpeg import jpeg_size
from ..takes.pictures import PictureFilter, as_recorded
from ..takes.reader import Take


class MaskOfNoFrame(WrongLabel):
    def __init__(self, place: MaskKey) -> None:
        camera, frame, name = place
        super().__init__(
            f"{name!r:.60} has a mask in frame {frame} of {camera!r:.60}: there is none."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFrame:
    """One frame, and what is said of each object of its take there."""

    take: str
    camera: str
    index: int
    height: int
    width: int
    instruction: str
    jpeg: bytes  # as it was recorded, but of an archived take, and where faces are hidden
    masks: Mapping[str, MaskRecord]  # by object, where it is seen
    absent: Mapping[str, MaskRecord]  # by object, an empty mask: it is not to be seen
    synonyms: Mapping[str, tuple[str, ...]]  # of the take's objects that have any
    unlabelled: tuple[str, ...]  # objects with masks elsewhere in the take, and none here

    @property
    def provenance(self) -> JsonObject:
        """Where it comes from, and its masks, for a format that has no room of its own for that."""
        return {
            "take": self.take,
            "camera": self.camera,
            "frame": self.index,
            "instruction": self.instruction,
            "masks": {name: origin(record) for name, record in self.masks.items()},
            "absent": {name: origin(record) for name, record in self.absent.items()},
            "synonyms": {name: list(others) for name, others in self.synonyms.items()},
        }

    def below(self, folder: str, suffix: str) -> Path:
        """A path of its own: folder, take, camera, index. Whatever a camera is called, it leads
        nowhere else."""
        camera = quote(self.camera, safe=" ").replace(".", "%2E")
        return Path(folder, self.take, camera, f"{self.index:06d}{suffix}")


def write_file(path: Path, content: bytes) -> None:
    """A file of an export that nobody sees yet, and the folders that lead to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def origin(record: MaskRecord) -> JsonObject:
    """Where a mask comes from, for the extra fields that a format has room for."""
    return {
        "source": record.source.value,
        "confidence": round(float(record.confidence), 4),
        "locked": record.locked,
    }


def labelled_frames(folder: Path, through: PictureFilter = as_recorded) -> Iterator[LabelledFrame]:
    """The frames of a take's folder that have a mask of any object, camera by camera.

    Raises TakeRefused of one in the bin, MaskOfNoFrame, WrongMask, and what opening a take and
    its labels may raise.
    """
    said = Labels.open(folder).snapshot
    if said.deleted:
        raise TakeRefused(folder.name, "it is in the bin", "Take it back first.")
    with Take.open(folder, through=through) as take:
        for (camera, index), masks in sorted(masks_by_frame(said, take).items()):
            jpeg = take.jpeg(camera, index)
            yield _frame(folder.name, take.info, said, (camera, index), masks, jpeg)


def masks_by_frame(said: Snapshot, take: Take) -> dict[tuple[str, int], dict[str, MaskRecord]]:
    """The masks of each frame, by camera and index, all of them looked at before the first frame is
    given. Raises MaskOfNoFrame, WrongMask."""
    found: dict[tuple[str, int], dict[str, MaskRecord]] = {}
    for (camera, index, name), record in said.masks.items():
        if camera not in take.frames or index >= len(take.frames[camera]):
            raise MaskOfNoFrame((camera, index, name))
        size, known = (record.rle.height, record.rle.width), take.info.cameras[camera]
        if size != (known.height, known.width):
            raise WrongMask(
                f"A mask of {name!r:.60} has another size than {camera!r:.60}'s pictures."
            )
        check(record.rle)
        found.setdefault((camera, index), {})[name] = record
    return found


def _frame(
    take_id: str,
    info: TakeInfo,
    said: Snapshot,
    place: tuple[str, int],
    masks: Mapping[str, MaskRecord],
    jpeg: bytes,
) -> LabelledFrame:
    camera, index = place
    known_size = info.cameras[camera].height, info.cameras[camera].width
    if jpeg_size(jpeg) != known_size:
        raise WrongRecord(f"Frame {index} of {camera!r} in {take_id} is not of the camera's size.")
    seen = {name for name, record in masks.items() if area(record.rle)}
    known = {name for _, _, name in said.masks}
    return LabelledFrame(
        take=take_id,
        camera=camera,
        index=index,
        height=known_size[0],
        width=known_size[1],
        instruction=info.instruction if said.instruction is None else said.instruction,
        jpeg=jpeg,
        masks={name: masks[name] for name in sorted(seen)},
        absent={name: masks[name] for name in sorted(masks.keys() - seen)},
        synonyms=said.synonyms,
        unlabelled=tuple(sorted(known - masks.keys())),
    )
