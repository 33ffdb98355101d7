"""YOLO's segmentation: a text file for each picture, a polygon in each line
(https://docs.ultralytics.com/datasets/segment/)."""

import json
from pathlib import Path

import numpy as np
import yaml

from ...runtime.json_file import JsonObject
from ..labels.masks import MaskRecord, decode
from .labelled_frames import LabelledFrame, write_file
from .polygons import as_polygon

HELD_OUT = 5  # of so many takes, one


class YoloWriter:
    """Writes ``images/``, ``labels/``, ``data.yaml``, and ``provenance.json``, since a line has no
    room for more than a class and its polygon.

    A corner is the middle of its pixel, as a share of the width and the height. An object that is
    said not to be seen has no line. To YOLO, one of which nothing is said is not there either, so
    a frame in which an object of its take has no mask is left out. Whole takes are held out for
    validation: the frames of one are too much alike.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._classes: dict[str, int] = {}
        self._files: dict[str, list[str]] = {}  # by take
        self._origins: dict[str, JsonObject] = {}  # by file

    def add(self, frame: LabelledFrame) -> bool:
        if frame.unlabelled:
            return False
        image = frame.below("images", ".jpg")
        lines = [self._line(name, record) for name, record in frame.masks.items()]
        write_file(self._folder / image, frame.jpeg)
        write_file(self._folder / frame.below("labels", ".txt"), "".join(lines).encode())
        self._files.setdefault(frame.take, []).append(image.as_posix())
        self._origins[image.as_posix()] = frame.provenance
        return True

    def finish(self) -> None:
        takes = list(self._files)
        held_out = set(takes[HELD_OUT - 1 :: HELD_OUT] or takes[1:][-1:])
        self._list("train.txt", [take for take in takes if take not in held_out])
        self._list("val.txt", [take for take in takes if take in held_out or len(takes) == 1])
        names = {number: name for name, number in self._classes.items()}
        content = {"train": "train.txt", "val": "val.txt", "names": names}
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (self._folder / "data.yaml").write_text(text, encoding="utf-8")
        origins = json.dumps(self._origins, ensure_ascii=False)
        (self._folder / "provenance.json").write_text(origins, encoding="utf-8")

    def _list(self, name: str, takes: list[str]) -> None:
        lines = [f"./{file}\n" for take in takes for file in self._files[take]]
        (self._folder / name).write_text("".join(lines), encoding="utf-8")

    def _line(self, name: str, record: MaskRecord) -> str:
        number = self._classes.setdefault(name, len(self._classes))
        size = np.array([record.rle.width, record.rle.height])
        shares = (as_polygon(decode(record.rle)) + 0.5) / size
        return f"{number} {' '.join(f'{share:.6f}' for share in shares.flat)}\n"
