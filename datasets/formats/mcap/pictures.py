"""What cameras saw: their pictures as they were recorded, depth, masks, and their calibration."""

from collections.abc import Iterator, Mapping

import numpy as np
from foxglove_schemas_protobuf.CameraCalibration_pb2 import CameraCalibration
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage

from ...labels.masks import MaskRecord
from ..png_masks import PLACES, MaskPalette, PaletteFull
from .errors import TooManyObjects
from .part import Part, Timed, camera_frame

MILLIMETRES = "16UC1"  # as ROS calls such pictures
CORNER_TO_CENTRE = 0.5  # px: ours count from the corner of the first pixel, theirs from its middle
MOST_SEQUENCE = 1 << 32
Masks = Mapping[int, Mapping[str, MaskRecord]]
"""Index of a frame -> the masks of each object."""


def topic_of(camera: str, what: str) -> str:
    return f"/cameras/{camera}/{what}"


def images(part: Part, camera: str) -> Iterator[Timed]:
    """The take's JPEGs; the sequence is the frame's number. Raises WrongRecord."""
    frames, topic = part.take.frames[camera], topic_of(camera, "image")
    for index, time_ns in part.rows(frames.time_ns):
        jpeg = part.take.jpeg(camera, index)
        number = int(frames.number[index]) % MOST_SEQUENCE
        yield Timed(time_ns, topic, _compressed(part, camera, time_ns, jpeg, "jpeg"), number)


def depths(part: Part, camera: str) -> Iterator[Timed]:
    """In millimetres, 0 where unknown; the sequence is the number of the frame that it goes with.
    Raises WrongRecord."""
    stream, topic = part.take.depths[camera], topic_of(camera, "depth")
    for index, time_ns in part.rows(stream.time_ns):
        depth = part.take.depth_image(camera, index)
        message = RawImage(
            timestamp=part.clock.stamp(time_ns),
            frame_id=camera_frame(camera),
            width=depth.shape[1],
            height=depth.shape[0],
            encoding=MILLIMETRES,
            step=2 * depth.shape[1],
            data=depth.astype("<u2").tobytes(),
        )
        yield Timed(time_ns, topic, message, int(stream.number[index]) % MOST_SEQUENCE)


def masks(part: Part, camera: str, said: Masks, palette: MaskPalette) -> Iterator[Timed]:
    """A PNG for each frame that has any, at its time. Raises TooManyObjects."""
    frames, known = part.take.frames[camera], part.take.info.cameras[camera]
    for index, time_ns in part.rows(frames.time_ns):
        if index not in said:
            continue
        of_frame = dict(sorted(said[index].items()))
        try:
            png = palette.png(of_frame, known.height, known.width)
        except PaletteFull as error:
            raise TooManyObjects(part.take.info.take_id, PLACES - 1) from error
        message = _compressed(part, camera, time_ns, png, "png")
        yield Timed(time_ns, topic_of(camera, "masks"), message)


def calibration(part: Part, camera: str) -> Iterator[Timed]:
    """At the start; none of a camera whose calibration is a guess. Pictures are not distorted."""
    known = part.take.info.cameras[camera]
    if not known.calibrated:
        return
    matrix = known.intrinsics.copy()
    matrix[:2, 2] -= CORNER_TO_CENTRE
    message = CameraCalibration(
        timestamp=part.clock.stamp(part.start_ns),
        frame_id=camera_frame(camera),
        width=known.width,
        height=known.height,
        K=matrix.ravel().tolist(),
        R=np.eye(3).ravel().tolist(),
        P=np.column_stack([matrix, np.zeros(3)]).ravel().tolist(),
    )
    yield Timed(part.start_ns, topic_of(camera, "calibration"), message)


def _compressed(
    part: Part, camera: str, time_ns: int, data: bytes, encoding: str
) -> CompressedImage:
    return CompressedImage(
        timestamp=part.clock.stamp(time_ns),
        frame_id=camera_frame(camera),
        data=data,
        format=encoding,
    )
