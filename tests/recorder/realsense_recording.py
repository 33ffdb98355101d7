"""Recordings of a RealSense that nobody has: librealsense's software device writes them, and the
unchanged driver plays them."""

import gc
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.recorder.drivers.realsense.library import librealsense

WIDTH, HEIGHT, FPS = 640, 480, 30
DEPTH_F, DEPTH_C = 383.0, (321.0, 239.0)
COLOUR_F, COLOUR_C = 615.0, (318.0, 242.0)
Stream = tuple[Any, Any]  # the sensor, and what it streams
STRAIGHT = (0.0,) * 5  # coefficients of a lens that bends nothing
BASELINE_M = 0.015  # the colour camera is so far left of the depth one's right


class Shot(NamedTuple):
    """What both sensors see at a moment."""

    colour: NDArray[np.uint8]  # (480, 640, 3)
    depth_mm: NDArray[np.uint16]  # (480, 640) as the depth sensor sees it
    after_s: float = 1 / FPS  # how long the next one takes


def record(
    path: Path,
    shots: Iterable[Shot],
    lens: Any = None,
    bent: Sequence[float] = STRAIGHT,
    unit_m: float = 0.001,
    jpeg: bool = False,
) -> Path:
    """Write shots as they would have come; ``lens`` is librealsense's model of the colour one.
    ``jpeg``: as a camera that compresses its colours."""
    rs = librealsense()
    coded = rs.format.mjpeg if jpeg else rs.format.rgb8
    size, coder = (1, in_a_packet) if jpeg else (3, np.ascontiguousarray)
    lens = lens or rs.distortion.brown_conrady
    device, depth, colour = _device((coded, size), lens, bent, unit_m)
    recorder, syncer = rs.recorder(str(path), device), rs.syncer()
    recorded = recorder.query_sensors()
    for sensor, (_, stream) in zip(recorded, (depth, colour), strict=True):
        sensor.open(stream)
        sensor.start(syncer)
    for number, shot in enumerate(shots, 1):
        began = time.monotonic()
        _see(*depth, shot.depth_mm, 2, number, unit_m)
        _see(*colour, coder(shot.colour), size, number, unit_m)
        time.sleep(max(0.0, began + shot.after_s - time.monotonic()))
    for sensor in recorded:
        sensor.stop()
        sensor.close()
    recorder.pause()
    recorder = recorded = sensor = None
    gc.collect()  # which ends the file
    return path


def in_a_packet(colour: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture as JPEG, and zeros behind it, a byte for each pixel: the software device knows of
    no smaller one."""
    packet = np.zeros(WIDTH * HEIGHT, np.uint8)
    payload = encode_jpeg(colour)
    packet[: len(payload)] = np.frombuffer(payload, np.uint8)
    return packet.reshape(HEIGHT, WIDTH)


def _device(
    pixels: tuple[Any, int], lens: Any, bent: Sequence[float], unit_m: float
) -> tuple[Any, Stream, Stream]:
    """The device; then its depth, and its colours, which have ``pixels`` of a format and so many
    bytes."""
    rs = librealsense()
    device = rs.software_device()
    device.register_info(rs.camera_info.name, "Software D435")
    device.register_info(rs.camera_info.serial_number, "000000000001")
    depth, colour = device.add_sensor("Stereo Module"), device.add_sensor("RGB Camera")
    depth.add_read_only_option(rs.option.depth_units, unit_m)
    straight = rs.distortion.brown_conrady
    near = _stream(rs.stream.depth, rs.format.z16, 2, (DEPTH_F, *DEPTH_C), straight, STRAIGHT)
    seen = _stream(rs.stream.color, *pixels, (COLOUR_F, *COLOUR_C), lens, bent)
    near, seen = depth.add_video_stream(near), colour.add_video_stream(seen)
    between = rs.extrinsics()
    between.rotation, between.translation = [1, 0, 0, 0, 1, 0, 0, 0, 1], [BASELINE_M, 0, 0]
    near.register_extrinsics_to(seen, between)
    device.create_matcher(rs.matchers.dlr_c)
    return device, (depth, near), (colour, seen)


def _stream(
    kind: Any,
    pixels: Any,
    size: int,
    pinhole: tuple[float, float, float],
    lens: Any,
    bent: Sequence[float],
) -> Any:
    """``size`` in bytes of a pixel; ``pinhole`` is focal length and centre, in pixels."""
    rs = librealsense()
    known = rs.intrinsics()
    known.width, known.height = WIDTH, HEIGHT
    known.fx, known.ppx, known.ppy = pinhole
    known.fy, known.model, known.coeffs = known.fx, lens, list(bent)
    stream = rs.video_stream()
    stream.type, stream.index, stream.uid = kind, 0, size
    stream.width, stream.height, stream.fps = WIDTH, HEIGHT, FPS
    stream.bpp, stream.fmt, stream.intrinsics = size, pixels, known
    return stream


def _see(sensor: Any, stream: Any, pixels: NDArray, size: int, number: int, unit_m: float) -> None:
    rs = librealsense()
    frame = rs.software_video_frame()
    frame.pixels, frame.bpp = np.ascontiguousarray(pixels), size
    frame.stride, frame.timestamp = WIDTH * size, number * 1000 / FPS
    frame.domain, frame.frame_number = rs.timestamp_domain.system_time, number
    frame.profile = stream.as_video_stream_profile()
    if size == 2:
        frame.depth_units = unit_m
    sensor.on_video_frame(frame)
