"""A take of one camera in which a blue disc goes its way beside a red one."""

from pathlib import Path

import numpy as np
import simplejpeg
from drawing import disc, draw

from teachloop.datasets.steps import Pose
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera


def film(folder: Path, ways: list[tuple[float, float]], pose: Pose) -> list[np.ndarray]:
    """A take without a robot, of a blue disc that goes its way through the image; its masks."""
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
        for number, (x, y) in enumerate(ways):
            image, masks = draw([disc((200, 40, 40), 60, 200, 15), disc((45, 80, 190), x, y, 14)])
            truth.append(masks[1])
            jpeg = simplejpeg.encode_jpeg(image, quality=95, colorsubsampling="444")
            time_ns = (20 + number) * 50_000_000
            writer.append_frame("side", number, time_ns, time_ns, jpeg)
    return truth
