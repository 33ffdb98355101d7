"""COCO's instances and captions as pictures with what is said of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pycocotools import mask as coco
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...runtime.regular_file import read_bytes
from ...runtime.text import one_line
from ...runtime.validation import explain
from ..labels.masks import MAX_SIDE, MaskRecord, MaskSource, Rle, WrongMask, check, encode
from .pictures import Corners, LabelledPicture, NoSuchSet, WrongPicture, size_of

LARGEST_FILE = 1 << 30  # bytes
Word = Annotated[str, Field(min_length=1, max_length=500)]
Side = Annotated[int, Field(gt=0, le=MAX_SIDE)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Polygon = Annotated[list[Number], Field(min_length=6)]
SLACK = 1.0  # pixels that a corner may lie outside of its picture, as rounding leaves them


class _Part(BaseModel):
    """What else is in a file is left out."""

    model_config = ConfigDict(frozen=True)


class CocoRle(_Part):
    size: tuple[Side, Side]
    counts: str | list[Annotated[int, Field(ge=0)]]


class Origin(_Part):
    """As ``CocoWriter`` says it; a mask of which nobody says more is a person's."""

    source: MaskSource = MaskSource.HUMAN
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    locked: bool = False


class CocoImage(_Part):
    id: int
    file_name: Annotated[str, Field(min_length=1, max_length=1000)]
    height: Side
    width: Side
    neg_category_ids: list[int] = []
    instruction: str = ""


class Annotation(_Part):
    image_id: int
    category_id: int | None = None
    segmentation: CocoRle | list[Polygon] | None = None
    bbox: tuple[Number, Number, Number, Number] | None = None
    caption: str = ""
    attributes: Origin = Origin()


class Category(_Part):
    id: int
    name: Word
    synonyms: list[Word] = []


class CocoFile(_Part):
    images: list[CocoImage]
    annotations: list[Annotation] = []
    categories: list[Category] = []


def read_coco(path: Path) -> list[LabelledPicture]:
    """The pictures of a COCO file, which lie beside it, or in ``images/`` beside it or above it.

    Captions are wordings, the first of them the instruction; a box without a mask stays a box.
    Several things of one category in a picture are "cup", "cup 2", … Raises NoSuchSet,
    WrongPicture.
    """
    content = _read(path)
    names = {each.id: one_line(each.name) for each in content.categories}
    synonyms = {
        names[each.id]: tuple(filter(None, map(one_line, each.synonyms)))
        for each in content.categories
    }
    said: dict[int, list[Annotation]] = defaultdict(list)
    for each in content.annotations:
        said[each.image_id].append(each)
    if strays := said.keys() - {image.id for image in content.images}:
        raise NoSuchSet(f"{path}: an annotation is of image {min(strays)}, which is not listed.")
    root = _root(path)
    pictures = (_picture(root, image, said[image.id], names) for image in content.images)
    return [replace(each, synonyms=synonyms) for each in pictures]


def _read(path: Path) -> CocoFile:
    """Raises NoSuchSet."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise NoSuchSet(f"{path} has more than {LARGEST_FILE >> 30} GiB. Split it.")
        content = CocoFile.model_validate_json(read_bytes(path))
    except OSError as error:
        raise NoSuchSet(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        reasons = explain(error.errors(include_url=False))
        raise NoSuchSet(f"{path} is no COCO file: {reasons}") from error
    if not content.images:
        raise NoSuchSet(f"{path} lists no image.")
    return content


def _root(path: Path) -> Path:
    known = (path.parent / "images", path.parent.parent / "images")
    return next((folder for folder in known if folder.is_dir()), path.parent)


def _picture(
    root: Path, image: CocoImage, said: Sequence[Annotation], names: Mapping[int, str]
) -> LabelledPicture:
    path = _inside(root, image.file_name)
    size = image.height, image.width
    if (found := size_of(image.file_name, path, upright=False)) != size:
        reason = f"it has {found} pixels, not {size} (height, width)."
        raise WrongPicture(image.file_name, reason)
    wordings = [image.instruction, *(each.caption for each in said)]
    masks: dict[str, MaskRecord] = {}
    boxes: dict[str, Corners] = {}
    for name, each in _named(image, said, names):
        if each.segmentation is not None:
            rle = _run_lengths(image, each.segmentation)
            masks[name] = MaskRecord(rle=rle, **dict(each.attributes))
        elif each.bbox is not None:
            boxes[name] = _corners(image, each.bbox)
    for number in image.neg_category_ids:
        nothing = encode(np.zeros(size))
        masks.setdefault(
            _category(image, number, names), MaskRecord(rle=nothing, source=MaskSource.HUMAN)
        )
    return LabelledPicture(
        name=image.file_name,
        path=path,
        size=size,
        wordings=tuple(dict.fromkeys(filter(None, map(one_line, wordings)))),
        masks=masks,
        boxes=boxes,
    )


def _inside(root: Path, name: str) -> Path:
    """The file, which no name leads out of the folder to. Raises WrongPicture."""
    try:
        path = (root / name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise WrongPicture(name, "that is no name of a file.") from None
    if not path.is_relative_to(root.resolve()):
        raise WrongPicture(name, "it leads out of the folder of the pictures.")
    return path


def _named(
    image: CocoImage, said: Iterable[Annotation], names: Mapping[int, str]
) -> Iterable[tuple[str, Annotation]]:
    """Each thing under a name of its own."""
    counts: dict[str, int] = defaultdict(int)
    for each in said:
        if each.category_id is not None:
            name = _category(image, each.category_id, names)
            counts[name] += 1
            yield (f"{name} {counts[name]}" if counts[name] > 1 else name), each


def _category(image: CocoImage, number: int, names: Mapping[int, str]) -> str:
    if not names.get(number):
        raise WrongPicture(image.file_name, f"there is no category {number}.")
    return names[number]


def _run_lengths(image: CocoImage, given: CocoRle | list[Polygon]) -> Rle:
    """Raises WrongPicture where they are none of this picture's."""
    try:
        return _rle(image, given) if isinstance(given, CocoRle) else _filled(image, given)
    except WrongMask as error:
        raise WrongPicture(image.file_name, f"its mask is none: {error}") from error


def _rle(image: CocoImage, given: CocoRle) -> Rle:
    height, width = given.size
    if (height, width) != (image.height, image.width):
        raise WrongMask(f"it has {width} × {height} pixels, not {image.width} × {image.height}.")
    if isinstance(given.counts, str):
        rle = Rle(height, width, given.counts)
        check(rle)
        return rle
    if sum(given.counts) != height * width:
        raise WrongMask(f"Run lengths that do not fill {height} × {width} pixels.")
    inside = np.repeat(np.arange(len(given.counts)) % 2 == 1, given.counts)
    return encode(inside.reshape(width, height).T)


def _filled(image: CocoImage, polygons: Sequence[Polygon]) -> Rle:
    """All polygons of one thing, filled as COCO fills them."""
    for corners in polygons:
        across, down = np.array(corners[::2]), np.array(corners[1::2])
        fits = len(corners) % 2 == 0 and min(across.min(), down.min()) >= -SLACK
        if not fits or across.max() > image.width + SLACK or down.max() > image.height + SLACK:
            raise WrongMask("A polygon of other than corners within the picture.")
    if not polygons:
        raise WrongMask("No polygon.")
    rings: Any = [list(corners) for corners in polygons]
    parts: Any = coco.frPyObjects(rings, image.height, image.width)
    return encode(coco.decode(coco.merge(parts)))


def _corners(image: CocoImage, box: Corners) -> Corners:
    """COCO's left, top, width and height, cut at the picture's edges."""
    left, top, width, height = box
    right, bottom = min(left + width, image.width), min(top + height, image.height)
    left, top = max(left, 0.0), max(top, 0.0)
    if left >= right or top >= bottom:
        raise WrongPicture(image.file_name, "a box holds nothing of it.")
    return left, top, right, bottom
