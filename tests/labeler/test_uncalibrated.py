from pathlib import Path

import numpy as np
from disc_film import film
from simulated_accuracy import iou

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import decode
from teachloop.labeler.batch import label_take


def test_without_robot_and_calibration_an_object_is_followed_through_the_image(tmp_path: Path):
    ways = [(60.0 + 4 * number, 90.0 + 2 * number) for number in range(30)]
    truth = film(tmp_path / "take", ways, np.eye(4))
    label_take(tmp_path / "take", clicks={"side": [(3, 72.0, 96.0, True)]}, object_name="blue disc")
    masks = Labels.open(tmp_path / "take").snapshot.masks
    found = [decode(masks["side", frame, "blue disc"].rle) for frame in range(len(ways))]
    assert min(map(iou, found, truth)) > 0.9
