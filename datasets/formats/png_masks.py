"""Masks as PNG pictures whose palette's places stand for objects, with a legend."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...runtime.errors import TeachloopError
from ...runtime.json_file import JsonObject
from ..labels.masks import MaskRecord, decode
from .labelled_frames import LabelledFrame, write_file

PLACES = 256


class PaletteFull(TeachloopError):
    def __init__(self) -> None:
        super().__init__(
            f"A palette has places for {PLACES - 1} objects and overlaps of objects; these takes "
            "have more. Export fewer takes at once, or as COCO."
        )


class MaskPalette:
    """Gives places of a palette to objects.

    A place stands for the objects that a pixel is of: 0 for none, and where objects overlap, for
    all of them. So nothing is lost.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], int] = {(): 0}
        self._colours = voc_palette().tobytes()

    @property
    def legend(self) -> dict[str, list[str]]:
        """Place -> the objects that it stands for."""
        return {str(place): list(names) for names, place in self._places.items()}

    def png(self, masks: Mapping[str, MaskRecord], height: int, width: int) -> bytes:
        """A picture of the masks of a frame, by object. Raises PaletteFull."""
        picture = Image.fromarray(self._indices(masks, height, width))
        picture.putpalette(self._colours)
        content = BytesIO()
        picture.save(content, "PNG")
        return content.getvalue()

    def _indices(
        self, masks: Mapping[str, MaskRecord], height: int, width: int
    ) -> NDArray[np.uint8]:
        """The palette's place of each pixel (height, width). Raises PaletteFull."""
        indices = np.zeros((height, width), np.uint8)
        kinds: dict[tuple[str, ...], NDArray[np.bool_]] = {(): indices == 0}
        for name, record in masks.items():
            inside = decode(record.rle)
            split = {(*names, name): where & inside for names, where in kinds.items()}
            kinds = {names: where & ~inside for names, where in kinds.items()} | split
            kinds = {names: where for names, where in kinds.items() if where.any()}
        for names, where in kinds.items():
            indices[where] = self._place(names)
        return indices

    def _place(self, names: tuple[str, ...]) -> int:
        place = self._places.setdefault(names, len(self._places))
        if place >= PLACES:
            raise PaletteFull
        return place


class PngWriter:
    """Writes ``masks/<take>/<camera>/<frame>.png``, ``images/`` alike, and ``legend.json``.

    The legend names the objects of each place of the palette, and for each picture who made its
    masks, which objects are not to be seen (``absent``), and of which nothing is said
    (``unlabelled``).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._palette = MaskPalette()
        self._pictures: dict[str, JsonObject] = {}

    def add(self, frame: LabelledFrame) -> bool:
        image, mask = frame.below("images", ".jpg"), frame.below("masks", ".png")
        write_file(self._folder / image, frame.jpeg)
        png = self._palette.png(frame.masks, frame.height, frame.width)
        write_file(self._folder / mask, png)
        self._pictures[mask.as_posix()] = {
            "image": image.as_posix(),
            **frame.provenance,
            "unlabelled": list(frame.unlabelled),
        }
        return True

    def finish(self) -> None:
        objects = self._palette.legend
        content = json.dumps({"objects": objects, "pictures": self._pictures}, ensure_ascii=False)
        (self._folder / "legend.json").write_text(content, encoding="utf-8")


def voc_palette() -> NDArray[np.uint8]:
    """The colours (256, 3) of Pascal VOC's masks: the bits of a place, spread over red, green and
    blue from their highest bit down."""
    place = np.arange(PLACES)
    colours = np.zeros((PLACES, 3), int)
    for step in range(8):
        for channel in range(3):
            colours[:, channel] |= (place >> channel & 1) << 7 - step
        place >>= 3
    return colours.astype(np.uint8)
