"""The demo's annotator: clicks on the target, and measures how well the masks fit.

Only here does a demo look at the simulator's truth, and only for these two things: where
the annotator's hand clicks, and the intersection over union with what the labeler drew.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...datasets.labels.labels import Labels
from ...datasets.labels.masks import encode, iou
from ...datasets.takes.reader import Take
from ...labeler.annotator import VISIBLE_PX, annotate
from ...labeler.batch import label_take
from ...simulation.language import HOLDING
from ...simulation.scenes import SceneSpec
from ...simulation.world import World
from .plan import Accuracy

Masks = NDArray[np.bool_]  # (frames, height, width)


def label_as_a_person(take_folder: Path, seed: int) -> Accuracy:
    """Label the target of a simulated take in both cameras, and compare with the truth."""
    scene, truth = true_masks(take_folder)
    rng = np.random.default_rng([seed, 0xC11C])
    clicks = {camera: annotate(masks, rng) for camera, masks in truth.items()}
    label_take(
        take_folder,
        clicks=clicks,
        object_name=scene.task.target,
        use_grasp=scene.task.verb in HOLDING,
    )
    return _accuracy(take_folder, scene.task.target, truth)


def true_masks(take_folder: Path) -> tuple[SceneSpec, Mapping[str, Masks]]:
    """Where the target is visible on every recorded frame, drawn anew from the take's states.

    Nothing is visible on a frame whose state was not recorded: it is neither clicked on nor
    measured.
    """
    with Take.open(take_folder) as take:
        scene, cameras = SceneSpec.from_json(take.info.scene), take.info.cameras
        states = dict(zip(take.simulation.number.tolist(), take.simulation.qpos, strict=True))
        numbers = {camera: frames.number.tolist() for camera, frames in take.frames.items()}
    sizes = {name: (name, camera.width, camera.height) for name, camera in cameras.items()}
    truth: dict[str, dict[int, NDArray[np.bool_]]] = {name: {} for name in cameras}
    with World(scene) as world:
        for number, qpos in states.items():
            world.set_qpos(qpos)
            for name in cameras:
                truth[name][number] = world.instance_masks(*sizes[name])[scene.task.target]
    unknown = {name: np.zeros((c.height, c.width), np.bool_) for name, c in cameras.items()}
    return scene, {
        name: np.stack([truth[name].get(n, unknown[name]) for n in numbers[name]])
        for name in cameras
    }


def _accuracy(take_folder: Path, target: str, truth: Mapping[str, Masks]) -> Accuracy:
    drawn = Labels.open(take_folder).snapshot.masks
    ious = []
    for camera, masks in truth.items():
        for frame in np.flatnonzero(masks.sum((1, 2)) >= VISIBLE_PX):
            record = drawn.get((camera, int(frame), target))
            ious.append(iou(record.rle, encode(masks[frame])) if record else 0.0)
    labeled = sum(1 for camera, _, name in drawn if name == target and camera in truth)
    return Accuracy(labeled_frames=labeled, ious=tuple(ious))
