from pathlib import Path

import numpy as np
import simplejpeg
from drawing import disc, draw
from simulated_accuracy import iou

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import decode
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.labeler.batch import label_take

FRAMES = 30


def test_without_robot_and_calibration_an_object_is_followed_through_the_image(tmp_path: Path):
    camera = Camera(
        name="side",
        width=256,
        height=256,
        intrinsics=np.array([[300.0, 0, 128], [0, 300.0, 128], [0, 0, 1]]),
        mount="base",
        pose=np.eye(4),
    )
    info = TakeInfo(
        take_id="drawn",
        created="2026-01-01T00:00:00+00:00",
        created_time_ns=0,
        cameras={"side": camera},
    )
    truth = []
    with TakeWriter(tmp_path / "take", info) as writer:
        for number in range(FRAMES):
            other = disc((200, 40, 40), 60, 200, 15)
            image, masks = draw([other, disc((45, 80, 190), 60 + 4 * number, 90 + 2 * number, 14)])
            truth.append(masks[1])
            jpeg = simplejpeg.encode_jpeg(image, quality=95, colorsubsampling="444")
            writer.append_frame(
                "side", number, (20 + number) * 50_000_000, (20 + number) * 50_000_000, jpeg
            )
    clicks = {"side": [(3, 72.0, 96.0, True)]}
    label_take(tmp_path / "take", clicks=clicks, object_name="blue disc")
    masks = Labels.open(tmp_path / "take").snapshot.masks
    found = [decode(masks["side", frame, "blue disc"].rle) for frame in range(FRAMES)]
    assert min(map(iou, found, truth)) > 0.9
