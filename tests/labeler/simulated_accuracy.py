"""How well the labels of a simulated take fit its truth."""

import numpy as np
from simulated_takes import SimulatedTake

from teachloop.datasets.labels.masks import decode
from teachloop.datasets.labels.snapshot import Snapshot

VISIBLE_PX = 50


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / max(1, (first | second).sum()))


def accuracy(take: SimulatedTake, snapshot: Snapshot, camera: str) -> np.ndarray:
    """Intersection over union of every frame in which 50 pixels or more are visible."""
    values = []
    for frame, truth in enumerate(take.truth[camera]):
        if truth.sum() >= VISIBLE_PX:
            record = snapshot.masks.get((camera, frame, take.target))
            values.append(iou(decode(record.rle), truth) if record else 0.0)
    return np.array(values)
