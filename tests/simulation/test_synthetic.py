"""The synthetic camera's stamps survive JPEG, and its clock keeps its rate."""

import cv2
import numpy as np

from teachloop.simulation.synthetic import SyntheticCamera, read_stamp


def test_stamps_can_be_read_back_after_jpeg() -> None:
    camera = SyntheticCamera()
    for number in (0, 1, 29, 12345):
        _, jpeg = cv2.imencode(".jpg", camera.frame(number), [cv2.IMWRITE_JPEG_QUALITY, 80])
        image = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)
        assert read_stamp(image) == (number, camera.time_of(number))


def test_frames_differ_and_come_at_thirty_a_second() -> None:
    camera = SyntheticCamera()
    assert camera.time_of(30) - camera.time_of(0) == 1_000_000_000
    assert all(camera.number_at(camera.time_of(n)) == n for n in range(1000))
    assert (camera.frame(4)[40:] != camera.frame(5)[40:]).mean() > 0.3
    assert camera.frame(4).shape == (480, 640, 3)
