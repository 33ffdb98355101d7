"""Pictures that a camera compressed itself lie in the take bit for bit as they came."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take

STATION = """
robot: {{driver: synthetic}}
cameras:
  film: {{driver: video, width: 320, height: 240, fps: 20, jpeg: true, settings: {{file: {film}}}}}
  drawn: {{driver: synthetic, width: 160, height: 120, fps: 20, jpeg: {jpeg}}}
"""
PICTURES = 30


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """No two of its pictures are the same."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20.0, (320, 240))
    for number in range(PICTURES):
        rng = np.random.default_rng(number)
        writer.write(rng.integers(0, 256, (240, 320, 3), np.uint8))
    writer.release()
    return path


def station_file(film: Path, *, jpeg: bool) -> Path:
    file = film.with_name("station.yaml")
    file.write_text(STATION.format(film=film, jpeg=str(jpeg).lower()))
    return file


def test_what_came_compressed_is_recorded_as_it_came(
    film: Path, new_station: Callable[..., Any]
) -> None:
    station = new_station("--station", str(station_file(film, jpeg=False)))
    take = station.do("start")["take"]
    time.sleep(2.0)
    station.do("stop")
    station.do("keep")
    folder = station.data / "takes" / take
    with av.open(str(film)) as container:
        came = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    with Take.open(folder) as opened:
        count = len(opened.frames["film"])
        recorded = [opened.jpeg("film", index) for index in range(count)]
        first = came.index(recorded[0])
        assert recorded == [came[(first + index) % PICTURES] for index in range(count)]
        assert opened.image("film", 0).shape == (240, 320, 3)
        assert len(opened.frames["drawn"]) > 20, "one that is compressed here lies beside it"
    assert count > 20
    assert check(folder) == []


def test_a_camera_that_gives_none_of_its_own_is_named(
    film: Path, new_station: Callable[..., Any]
) -> None:
    station = new_station("--station", str(station_file(film, jpeg=True)), well=False)
    fault = station.state()["fault"]["text"]
    assert "Camera 'drawn' gives no JPEG pictures of its own" in fault
