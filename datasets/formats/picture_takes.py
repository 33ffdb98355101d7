"""Pictures become takes without a robot: to be labelled like any other, and never acted from."""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ...geometry.camera import Camera
from ...runtime.ids import next_stamp
from ..labels.edits import AddPrompt, Edit, SetMask, SetObjects, SetParaphrases, SetSynonyms
from ..labels.label_values import ObjectLabel, Prompt
from ..labels.labels import Labels
from ..takes.format import TakeInfo
from ..takes.jpeg import encode_jpeg
from ..takes.staging import staging
from ..takes.take_folder import TAKES, require_room
from ..takes.writer import TakeWriter
from .coco_reading import read_coco
from .picture_folder import read_folder
from .pictures import LabelledPicture

CAMERA = "pictures"
RATE_HZ = 1.0  # at which they are played
PERIOD_NS = 1_000_000_000
Tell: TypeAlias = Callable[[int, int], None]
"""Told how many of how many pictures are written; what it raises ends the import."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it."""

    takes: tuple[str, ...]
    pictures: int
    masks: int


def read_pictures(source: Path) -> list[LabelledPicture]:
    """Of a folder, or of a COCO file (.json). Raises NoSuchSet, WrongPicture."""
    return read_coco(source) if source.suffix.lower() == ".json" else read_folder(source)


def import_pictures(data: Path, source: Path, author: str, tell: Tell) -> Imported:
    """Pictures of one size that go with the same words become one take, in their order.

    All of them or none. Raises NoSuchSet, WrongPicture, DiskFull, OSError and what ``tell`` raises.
    """
    pictures = read_pictures(source)
    takes, written = data / TAKES, 0
    ids: list[str] = []
    with staging(data) as staged:
        require_room(staged)
        for same in _alike(pictures):
            ids.append(next_stamp([*os.listdir(takes), *ids]))
            for _ in _write(staged / ids[-1], source, same, author):
                written += 1
                tell(written, len(pictures))
        _move(staged, takes, ids)
    return Imported(tuple(ids), written, sum(len(each.masks) for each in pictures))


def _alike(pictures: Sequence[LabelledPicture]) -> Iterable[list[LabelledPicture]]:
    groups: dict[tuple[object, ...], list[LabelledPicture]] = defaultdict(list)
    for each in pictures:
        groups[each.size, each.wordings].append(each)
    return groups.values()


def _write(
    folder: Path, source: Path, pictures: Sequence[LabelledPicture], author: str
) -> Iterable[LabelledPicture]:
    """One take with its labels; gives each picture that was written."""
    with TakeWriter(folder, _info(folder.name, source, pictures[0])) as writer:
        for number, each in enumerate(pictures):
            time_ns = (number + 1) * PERIOD_NS
            writer.append_frame(CAMERA, number, time_ns, time_ns, encode_jpeg(each.pixels()))
            yield each
    Labels.open(folder).apply(_edits(pictures), 0, author)


def _info(take_id: str, source: Path, picture: LabelledPicture) -> TakeInfo:
    height, width = picture.size
    guess = np.array([[width, 0, width / 2], [0, width, height / 2], [0, 0, 1.0]])
    camera = Camera(
        name=CAMERA, width=width, height=height, intrinsics=guess, mount="base", pose=np.eye(4),
        calibrated=False,
    )  # fmt: skip
    return TakeInfo(
        take_id=take_id,
        kind="pictures",
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        created_time_ns=0,
        task=source.stem,
        instruction=picture.wordings[0] if picture.wordings else "",
        gripper=None,
        rate_hz=RATE_HZ,
        cameras={CAMERA: camera},
    )


def _edits(pictures: Sequence[LabelledPicture]) -> list[Edit]:
    named = dict.fromkeys(name for each in pictures for name in (*each.masks, *each.boxes))
    wordings, synonyms = pictures[0].wordings, _synonyms(list(named), pictures[0].synonyms)
    meant = [
        name
        for name in named
        if len(named) == 1 or _is_meant((name, *synonyms.get(name, ())), wordings)
    ]
    labels = [ObjectLabel(name, target=name in meant[:1]) for name in named]
    edits: list[Edit] = [SetObjects(tuple(labels)), SetParaphrases(wordings[1:])]
    edits += [SetSynonyms(name, others) for name, others in synonyms.items()]
    for frame, each in enumerate(pictures):
        edits += [SetMask(CAMERA, frame, name, mask) for name, mask in each.masks.items()]
        for name, corners in each.boxes.items():
            box = Prompt(camera=CAMERA, frame=frame, object=name, kind="box", values=corners)
            edits.append(AddPrompt(box))
    return edits


def _synonyms(
    named: Sequence[str], said: Mapping[str, Sequence[str]]
) -> Mapping[str, tuple[str, ...]]:
    """By object, those by which no other one is called."""
    taken, kept = {*named}, {}
    for name in named:
        kept[name] = tuple(dict.fromkeys(each for each in said.get(name, ()) if each not in taken))
        taken |= {*kept[name]}
    return {name: others for name, others in kept.items() if others}


def _is_meant(called: Iterable[str], wordings: Sequence[str]) -> bool:
    """Whether a wording has all words of a name."""
    said = [{*text.casefold().replace(",", " ").split()} for text in wordings]
    return any({*name.casefold().split()} <= words for name in called for words in said)


def _move(staged: Path, takes: Path, ids: Sequence[str]) -> None:
    """All of them, or none where one cannot be."""
    moved: list[Path] = []
    try:
        for each in ids:
            os.rename(staged / each, takes / each)
            moved.append(takes / each)
    except OSError:
        for path in moved:
            shutil.rmtree(path)
        raise
