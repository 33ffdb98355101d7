"""Poses as bytes, between the processes of a station."""

from typing import Annotated

import numpy as np
from pydantic import Field

from ...datasets.steps import Pose

SIZE = 128

PackedPose = Annotated[bytes, Field(min_length=SIZE, max_length=SIZE)]


def pose_bytes(pose: Pose) -> bytes:
    """A pose (4, 4) as 128 bytes, row by row."""
    return np.ascontiguousarray(pose, np.float64).tobytes()


def pose_of(data: bytes) -> Pose:
    """The pose that ``pose_bytes`` packed."""
    return np.frombuffer(data, np.float64).reshape(4, 4)
