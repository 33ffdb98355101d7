"""Takes through a RealSense: from librealsense to the file, and to the learner's side of it."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.takes.reader import Take

pytest.importorskip("pyrealsense2", reason="pyrealsense2 has no wheel for this machine")
from realsense_recording import COLOUR_C, COLOUR_F, FPS, HEIGHT, WIDTH, Shot, record

NEAR_MM, FAR_MM = 600, 1000
GREEN = (0, 200, 0)
STATION = """
robot: {{driver: synthetic}}
cameras:
  front: {{driver: realsense, width: 640, height: 480, fps: 30, depth: true,
           settings: {{recording: "{recording}"}}}}
"""


def scene() -> Shot:
    """A wall whose left half is green and near."""
    colour = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    depth = np.full((HEIGHT, WIDTH), FAR_MM, np.uint16)
    colour[:, :200], depth[:, :200] = GREEN, NEAR_MM
    return Shot(colour, depth)


def test_a_take_has_its_colours_its_depth_and_its_lens(tmp_path: Path, new_station: Any) -> None:
    recording = record(tmp_path / "wall.db3", [scene()] * (3 * FPS))
    file = tmp_path / "station.yaml"
    file.write_text(STATION.format(recording=recording))
    station = new_station("--station", str(file))
    take = station.do("start")["take"]
    time.sleep(3.0)
    station.do("stop")
    station.do("keep")
    with Take.open(station.data / "takes" / take) as opened:
        known = opened.info.cameras["front"]
        frames, depths = opened.frames["front"], opened.depths["front"]
        with_depth = int(np.flatnonzero(np.isin(frames.number, depths.number))[0])
        image, depth = opened.image("front", with_depth), opened.depth("front", with_depth)
    wanted = [[COLOUR_F, 0, COLOUR_C[0] + 0.5], [0, COLOUR_F, COLOUR_C[1] + 0.5], [0, 0, 1]]
    np.testing.assert_allclose(known.intrinsics, wanted)
    assert (known.calibrated, known.measures_depth) == (False, True)
    assert len(frames) > FPS, "beside whatever else runs"
    assert len(depths) > len(frames) / 2, "a busy processor may lose some"
    assert (np.diff(frames.time_ns) > 0).all()
    assert depth is not None
    np.testing.assert_allclose(image[240, 50], GREEN, atol=12)
    assert (np.median(depth[:, 50]), np.median(depth[:, 500])) == (NEAR_MM, FAR_MM)
