"""A take of one camera in which a blue disc goes its way beside a red one, or beside its like."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import simplejpeg
from drawing import disc, draw

from teachloop.datasets.steps import Pose
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera

BLUE, RED = (45, 80, 190), (200, 40, 40)

Way: TypeAlias = Sequence[tuple[float, float]]  # the pixel of a centre in each frame


def film(folder: Path, way: Way, pose: Pose, twin: Way = ()) -> list[np.ndarray]:
    """A take without a robot, of a blue disc that goes its way through the image; its masks. A
    ``twin`` goes its own."""
    camera = Camera(
        name="side",
        width=256,
        height=256,
        intrinsics=np.array([[300.0, 0, 128], [0, 300.0, 128], [0, 0, 1]]),
        mount="base",
        pose=pose,
    )
    info = TakeInfo(
        take_id="drawn",
        created="2026-01-01T00:00:00+00:00",
        created_time_ns=0,
        cameras={"side": camera},
    )
    truth = []
    with TakeWriter(folder, info) as writer:
        for number, at in enumerate(way):
            other = disc(BLUE, *twin[number], 14) if twin else disc(RED, 60, 200, 15)
            image, masks = draw([other, disc(BLUE, *at, 14)])
            truth.append(masks[1])
            jpeg = simplejpeg.encode_jpeg(image, quality=95, colorsubsampling="444")
            time_ns = (20 + number) * 50_000_000
            writer.append_frame("side", number, time_ns, time_ns, jpeg)
    return truth
