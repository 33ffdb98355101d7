"""What a policy would do beside what was done, as a picture: a row for each take, a panel for each
axis."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.steps import Image
from ...runtime.atomic_file import write_whole
from ..data.samples import Samples
from .agent import EXECUTE

TAKES = 4  # at most, in one picture
WIDTH, HEIGHT, MARGIN = 256, 112, 8  # of a panel, in pixels
ROOM = 1.3  # above the highest recorded offset
LEAST_MM = 5.0  # that half a panel stands for
GROUND, ZERO, RECORDED, PREDICTED = (24, 26, 30), (58, 62, 70), (190, 195, 205), (255, 170, 0)
FINE = 4  # cv2's binary digits behind a pixel


def draw(takes: Mapping[str, Samples], predicted: Mapping[str, Tensor], path: Path) -> None:
    """Offsets of the last step that is carried out before the next look, in mm over the ticks.
    ``predicted`` (n, chunk, 6) of each take."""
    shown = list(takes)[:TAKES]
    rows = [_row(name, takes[name].offsets, predicted[name].numpy()) for name in shown]
    write_whole(path, simplejpeg.encode_jpeg(np.concatenate(rows, 0), quality=92))


def _row(name: str, recorded: NDArray[np.float32], predicted: NDArray[np.float32]) -> Image:
    done, would = (1000 * each[:, :EXECUTE][:, -1, :3] for each in (recorded, predicted))
    half_mm = max(LEAST_MM, ROOM * float(np.abs(done).max()))
    panels = [_panel(done[:, axis], would[:, axis], half_mm) for axis in range(3)]
    for axis, panel in zip("xyz", panels, strict=True):
        _write(panel, f"{axis}, +-{half_mm:.0f} mm", MARGIN + 10)
    _write(panels[0], name, HEIGHT - MARGIN)
    return np.concatenate(panels, 1)


def _panel(done: NDArray[np.float32], would: NDArray[np.float32], half_mm: float) -> Image:
    """Two lines of n numbers in mm, cut off at ``half_mm``."""
    panel = np.full((HEIGHT, WIDTH, 3), GROUND, np.uint8)
    for line, colour in ((0 * done, ZERO), (done, RECORDED), (would, PREDICTED)):
        x = np.linspace(MARGIN, WIDTH - MARGIN, len(line))
        y = HEIGHT / 2 - (line / half_mm).clip(-1, 1) * (HEIGHT / 2 - MARGIN)
        points = (np.stack([x, np.nan_to_num(y, nan=0.0)], 1) * (1 << FINE)).round()
        cv2.polylines(
            panel, [points.astype(np.int32)], False, colour, 2, cv2.LINE_AA, shift=FINE
        )  # fmt: skip
    return panel


def _write(panel: Image, text: str, y: int) -> None:
    """At the left, its base line at ``y``."""
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(panel, text, (MARGIN, y), font, 0.36, RECORDED, 1, cv2.LINE_AA)
