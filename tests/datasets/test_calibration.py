"""A camera's calibration travels as plain values."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from teachloop.datasets.calibration import Calibration
from teachloop.geometry.camera import Camera

CAMERA = Camera(
    name="wall",
    width=320,
    height=240,
    intrinsics=np.array([[300.0, 0.0, 160.0], [0.0, 300.0, 120.0], [0.0, 0.0, 1.0]]),
    mount="end_effector",
    pose=np.eye(4) + 0.1,
    measures_depth=True,
    calibrated=False,
)


def test_a_camera_comes_back() -> None:
    assert Calibration.of(CAMERA).camera.to_dict() == CAMERA.to_dict()


def test_a_delay_that_was_measured_comes_back_and_no_other_is_told_of() -> None:
    late = replace(CAMERA, delay_s=0.043)
    assert Calibration.of(late).camera.delay_s == 0.043
    assert Camera.from_dict(late.to_dict()).delay_s == 0.043
    assert "delay_s" not in CAMERA.to_dict(), "takes are as they were before"


def test_matrices_may_come_as_arrays() -> None:
    arrays = {"intrinsics": CAMERA.intrinsics, "pose": CAMERA.pose}
    given = Calibration.model_validate({**CAMERA.to_dict(), **arrays})
    assert given == Calibration.of(CAMERA)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("pose", np.eye(3), "4 × 4 finite numbers"),
        ("pose", [[float("nan")] * 4] * 4, "4 × 4 finite numbers"),
        ("intrinsics", [[1.0], [1.0, 2.0]], "3 × 3 numbers"),
        ("intrinsics", "a picture", "3 × 3 numbers"),
        ("width", 0, "greater than 0"),
        ("mount", "wall", "'base' or 'end_effector'"),
    ],
)
def test_what_is_no_calibration_is_refused(field: str, value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Calibration.model_validate({**CAMERA.to_dict(), field: value})
