"""What LeRobot has no place for: masks, in a table of their own beside ``data`` and ``videos``, and
where the cameras are. A row is one object in one picture; one that is not to be seen has no pixels.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from ....geometry.camera import Camera
from ....runtime.json_file import JsonObject
from ...errors import WrongLabel
from ...labels.masks import MaskRecord, Rle, decode, encode
from ...takes.reader import Take
from ..episodes.episode import Episode
from ..episodes.errors import Unfit
from ..episodes.plan import Size
from ..labelled_frames import masks_by_frame
from .plan import LeRobotPlan

COLUMNS: dict[str, pa.DataType] = {
    "episode_index": pa.int64(),
    "frame_index": pa.int64(),
    "camera": pa.string(),
    "object": pa.string(),
    "target": pa.bool_(),  # of the instruction
    "height": pa.int64(),
    "width": pa.int64(),
    "counts": pa.string(),  # COCO's compressed run lengths
    "source": pa.string(),
    "confidence": pa.float64(),
    "locked": pa.bool_(),
}
SCHEMA = pa.schema([*COLUMNS.items()])
PIECE = pa.schema([*COLUMNS.items()][1:])  # of one take, whose number nobody knows yet


def write_masks(path: Path, episode: Episode, take: Take, plan: LeRobotPlan) -> None:
    """Those of one take, at its ticks and in the size of its pictures. Raises Unfit."""
    try:
        said = masks_by_frame(episode.said, take)
        rows = list(_rows(said, episode, plan))
    except WrongLabel as error:
        raise Unfit(str(error)) from error
    parquet.write_table(pa.Table.from_pylist(rows, PIECE), path)


def numbered(path: Path, episode: int) -> pa.Table:
    """The masks of a take as those of an episode."""
    table = parquet.read_table(path, schema=PIECE)
    number = pa.array(np.full(len(table), episode), pa.int64())
    return table.add_column(0, "episode_index", number)


def _rows(
    said: Mapping[tuple[str, int], Mapping[str, MaskRecord]], episode: Episode, plan: LeRobotPlan
) -> Iterator[dict[str, Any]]:
    for camera, size in plan.sizes.items():
        shown = {
            index: {name: (record, _fitting(record.rle, size)) for name, record in masks.items()}
            for (of, index), masks in said.items()
            if of == camera
        }
        for tick, index in enumerate(episode.frames[camera].tolist()):
            for name, (record, rle) in sorted(shown.get(index, {}).items()):
                yield {
                    "frame_index": tick,
                    "camera": camera,
                    "object": name,
                    "target": name in episode.said.targets,
                    "height": rle.height,
                    "width": rle.width,
                    "counts": rle.counts,
                    "source": record.source.value,
                    "confidence": record.confidence,
                    "locked": record.locked,
                }


def _fitting(rle: Rle, size: Size) -> Rle:
    """A mask in another size covers the pixels of which it covered more than half."""
    if (rle.height, rle.width) == size:
        return rle
    height, width = size
    smaller = height * width < rle.height * rle.width
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    shares = cv2.resize(decode(rle).astype(np.float32), (width, height), interpolation=way)
    return encode(shares > 0.5)


def calibrations(cameras: Mapping[str, Camera], sizes: Mapping[str, Size]) -> JsonObject:
    """Where the calibrated ones of these are, and their intrinsics (pixels from the corner of the
    first one) in pictures of these sizes."""
    return {
        name: _calibration(cameras[name], size)
        for name, size in sizes.items()
        if cameras[name].calibrated
    }


def _calibration(camera: Camera, size: Size) -> JsonObject:
    height, width = size
    scale = np.diag([width / camera.width, height / camera.height, 1.0])
    return {
        "height": height,
        "width": width,
        "intrinsics": (scale @ camera.intrinsics).tolist(),
        "mount": camera.mount,
        "pose": camera.pose.tolist(),
    }
