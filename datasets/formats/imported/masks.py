"""Masks, and where cameras are, that teachloop wrote into a data set of others."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from ....geometry.camera import Camera
from ....geometry.rotations import are_rotations
from ....runtime.json_file import parse_json
from ....runtime.validation import StrictModel, explain
from ...errors import WrongLabel
from ...labels.edit import Edit
from ...labels.edits import SetMask
from ...labels.label_values import ObjectLabel
from ...labels.masks import MAX_SIDE, MaskRecord, MaskSource, Rle, check
from ...labels.object_edits import SetObjects
from ...tasks import LONGEST
from .episode import EpisodeRefused

Size = tuple[int, int]  # height, width
Side = Annotated[int, Field(gt=0, le=MAX_SIDE)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Line = tuple[Finite, Finite, Finite]
PoseRow = tuple[Finite, Finite, Finite, Finite]


class MaskRow(StrictModel):
    """One object in one picture."""

    frame_index: Annotated[int, Field(ge=0)]
    camera: str
    object: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    target: bool
    height: Side
    width: Side
    counts: str
    source: MaskSource
    confidence: Annotated[float, Field(ge=0, le=1)]
    locked: bool


class Calibration(StrictModel):
    """Where a camera is, and its intrinsics in pixels of its pictures."""

    height: Side
    width: Side
    intrinsics: tuple[Line, Line, Line]
    mount: Literal["base", "end_effector"]
    pose: tuple[PoseRow, PoseRow, PoseRow, PoseRow]


ROWS = TypeAdapter(list[MaskRow])
CALIBRATIONS = TypeAdapter(dict[str, Calibration])


def validated_rows(rows: Sequence[Mapping[str, Any]]) -> list[MaskRow]:
    """Raises EpisodeRefused."""
    try:
        return ROWS.validate_python([{**row, "source": _source(row)} for row in rows])
    except ValidationError as error:
        raise EpisodeRefused(f"A mask is none: {explain(error.errors())}") from error


def rows_of(text: str) -> list[MaskRow]:
    """Those of a list in JSON; none where it is empty. Raises EpisodeRefused."""
    try:
        rows = parse_json(text) if text else []
    except ValueError as error:
        raise EpisodeRefused(f"Its masks are no JSON: {error!s:.200}.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise EpisodeRefused("Its masks are no list of masks.")
    return validated_rows(rows)


def _source(row: Mapping[str, Any]) -> MaskSource | None:
    known = {each.value: each for each in MaskSource}
    return known.get(str(row.get("source")))


def mask_edits(rows: Sequence[MaskRow], sizes: Mapping[str, Size], steps: int) -> list[Edit]:
    """What they say of the take of an episode, whose frames are its steps. Raises
    EpisodeRefused."""
    if not rows:
        return []
    targets = {row.object: row.target for row in rows}
    try:
        objects = SetObjects(tuple(ObjectLabel(name, is_it) for name, is_it in targets.items()))
        return [objects, *(_edit(row, sizes, steps) for row in rows)]
    except (WrongLabel, ValueError) as error:
        raise EpisodeRefused(f"A mask is none: {error}") from error


def _edit(row: MaskRow, sizes: Mapping[str, Size], steps: int) -> SetMask:
    """Raises WrongLabel."""
    rle = Rle(row.height, row.width, row.counts)
    if sizes.get(row.camera) != (row.height, row.width) or row.frame_index >= steps:
        raise WrongLabel(f"{row.camera!r:.60} has no such picture {row.frame_index}.")
    check(rle)
    record = MaskRecord(rle=rle, source=row.source, confidence=row.confidence, locked=row.locked)
    return SetMask(row.camera, row.frame_index, row.object, record)


def calibrated(text: str, sizes: Mapping[str, Size]) -> Mapping[str, Camera]:
    """The cameras of which a text says where they are, those of these sizes; none where it is
    empty. Raises EpisodeRefused."""
    if not text:
        return {}
    try:
        found = CALIBRATIONS.validate_json(text)
    except ValidationError as error:
        raise EpisodeRefused(f"Its calibrations are none: {explain(error.errors())}") from error
    known = {name: each for name, each in found.items() if name in sizes}
    return {name: _camera(name, each, sizes[name]) for name, each in known.items()}


def _camera(name: str, told: Calibration, size: Size) -> Camera:
    pose, intrinsics = np.array(told.pose), np.array(told.intrinsics)
    rigid = are_rotations(pose[:3, :3]) and np.array_equal(pose[3], [0, 0, 0, 1])
    if (told.height, told.width) != size or not rigid:
        raise EpisodeRefused(f"The calibration of {name!r:.60} is none of its pictures.")
    return Camera(
        name=name,
        width=told.width,
        height=told.height,
        intrinsics=intrinsics,
        mount=told.mount,
        pose=pose,
    )
