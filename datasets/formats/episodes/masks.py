"""Masks of an episode, tick by tick, and where its cameras are, for formats that have a place for
them. A row is one object in one picture; one that is not to be seen has no pixels."""

from collections.abc import Iterator, Mapping
from typing import Any

import cv2
import numpy as np

from ....geometry.camera import Camera
from ....runtime.json_file import JsonObject
from ...errors import WrongLabel
from ...labels.masks import MaskRecord, Rle, decode, encode
from ...takes.reader import Take
from ..labelled_frames import masks_by_frame
from .episode import Episode
from .errors import Unfit
from .plan import Size

Sizes = Mapping[str, Size]  # by camera


def mask_rows(episode: Episode, take: Take, sizes: Sizes) -> list[dict[str, Any]]:
    """Those of one take, at its ticks and in the size of its pictures: ``frame_index``, ``camera``,
    ``object``, whether that is a ``target`` of the instruction, ``height``, ``width``, COCO's
    compressed run lengths ``counts``, ``source``, ``confidence`` and ``locked``. Raises Unfit."""
    try:
        return list(_rows(masks_by_frame(episode.said, take), episode, sizes))
    except WrongLabel as error:
        raise Unfit(str(error)) from error


def _rows(
    said: Mapping[tuple[str, int], Mapping[str, MaskRecord]], episode: Episode, sizes: Sizes
) -> Iterator[dict[str, Any]]:
    for camera, size in sizes.items():
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


def calibrations(cameras: Mapping[str, Camera], sizes: Sizes) -> JsonObject:
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
