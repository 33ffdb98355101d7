"""One take that holds two attempts becomes two takes, with all that is said of it."""

import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from ..runtime.atomic_file import sync_folder
from ..runtime.errors import TeachloopError
from .errors import TakeRefused
from .labels.edit import Edit
from .labels.edits import (
    SetInstruction,
    SetMask,
    SetNote,
    SetParaphrases,
    SetSegments,
    SetTags,
)
from .labels.item_edits import AddPrompt
from .labels.label_values import Segment
from .labels.labels import Labels
from .labels.object_edits import SetObjects, SetSynonyms
from .labels.snapshot import Snapshot
from .takes.check import require_usable
from .takes.format import TakeInfo
from .takes.part_copy import copy_part
from .takes.reader import Take
from .takes.take_folder import TAKES, find_take, new_take_folder
from .takes.trash import in_bin, put_in_bin

Span = tuple[int, int]  # ns of the take's clock, the end not included
AFTER_NS = 1  # what came last of a take is in its second part


class NoPart(TeachloopError):
    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"Take {take_id} cannot be split there: on one side nothing would be left to do."
        )


def split_take(data: Path, take_id: str, at_ns: int, author: str) -> tuple[str, str]:
    """Ids of two new takes: of what came before that moment of the take's clock, and from it on.
    The take itself goes to the bin, whole. Raises TakeRefused of an archived one and of one in the
    bin, NoPart, and what opening and writing a take raises; then nothing is changed."""
    folder = find_take(data, take_id)
    if in_bin(folder):
        raise TakeRefused(take_id, "it is in the bin", "Take it back first.")
    require_usable(data, take_id)
    with Take.open(folder) as take:
        if take.info.video is not None:
            raise TakeRefused(take_id, "it is archived", "Only recorded takes can be split.")
        before, after = _spans(take, at_ns)
        said = Labels.open(folder).snapshot
        first = _part(data, take, said, before, author)
        try:
            second = _part(data, take, said, after, author)
        except BaseException:
            shutil.rmtree(find_take(data, first))
            raise
    put_in_bin(folder, author)
    return first, second


def _spans(take: Take, at_ns: int) -> tuple[Span, Span]:
    """Raises NoPart."""
    actions_ns = take.actions.time_ns
    if not 0 < int((actions_ns < at_ns).sum()) < len(actions_ns):
        raise NoPart(take.info.take_id)
    streams = [actions_ns, take.robot.time_ns, *(each.time_ns for each in take.frames.values())]
    times_ns = np.concatenate(streams)
    return (int(times_ns.min()), at_ns), (at_ns, int(times_ns.max()) + AFTER_NS)


def _part(data: Path, take: Take, said: Snapshot, span: Span, author: str) -> str:
    place = new_take_folder(data / TAKES)
    staged = place.with_name(f".{place.name}")
    try:
        copy_part(take.path, staged, _info(take.info, place.name, span[0]), *span)
        if edits := _edits(take, said, span):
            Labels.open(staged).apply(edits, 0, author)
        os.rename(staged, place)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
        raise
    sync_folder(place.parent)
    return place.name


def _info(info: TakeInfo, take_id: str, start_ns: int) -> TakeInfo:
    later_ns = start_ns - info.created_time_ns if info.created_time_ns else 0
    created = datetime.fromisoformat(info.created) + timedelta(microseconds=later_ns // 1000)
    began_ns = start_ns if info.created_time_ns else 0
    return replace(
        info, take_id=take_id, created=created.isoformat(), created_time_ns=began_ns, health={}
    )


def _edits(take: Take, said: Snapshot, span: Span) -> list[Edit]:
    """What is said of the part. Whether it succeeded, somebody says anew; the trim was of all."""
    edits: list[Edit] = [SetNote(f"{said.note}\nSplit from take {take.info.take_id}.".strip())]
    edits += [SetInstruction(said.instruction)] if said.instruction is not None else []
    edits += [SetParaphrases(said.paraphrases)] if said.paraphrases else []
    edits += [SetTags(said.tags)] if said.tags else []
    edits += [SetObjects(said.objects)] if said.objects else []
    edits += [SetSynonyms(name, words) for name, words in said.synonyms.items()]
    edits += [SetSegments(inner)] if (inner := _segments(said, span)) else []
    first = {name: int((stream.time_ns < span[0]).sum()) for name, stream in take.frames.items()}
    end = {name: int((stream.time_ns < span[1]).sum()) for name, stream in take.frames.items()}

    def inside(camera: str, frame: int) -> bool:
        return camera in first and first[camera] <= frame < end[camera]

    for each in said.prompts:
        if inside(each.camera, each.frame):
            edits.append(AddPrompt(replace(each, frame=each.frame - first[each.camera])))
    for (camera, frame, name), mask in said.masks.items():
        if inside(camera, frame):
            edits.append(SetMask(camera, frame - first[camera], name, mask))
    return edits


def _segments(said: Snapshot, span: Span) -> tuple[Segment, ...]:
    inside = [
        replace(each, start_ns=max(each.start_ns, span[0]), end_ns=min(each.end_ns, span[1]))
        for each in said.segments
        if each.start_ns < span[1] and each.end_ns > span[0]
    ]
    return tuple(inside)
