"""The demo's annotator: clicks on what the task names, and measures how well the masks fit.

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
from ...geometry.camera import Camera
from ...labeler.annotator import VISIBLE_PX, annotate
from ...labeler.batch import label_take
from ...simulation.language import HOLDING
from ...simulation.scenes import SceneSpec
from ...simulation.world import World
from .plan import Accuracy

Masks = NDArray[np.bool_]  # (frames, height, width)
Truth = Mapping[str, Mapping[str, Masks]]  # by object, by camera


def label_as_a_person(take_folder: Path, seed: int) -> Accuracy:
    """Label what the task of a simulated take names, the target first, in both cameras, and compare
    the target's masks with the truth."""
    scene, truth = true_masks(take_folder)
    rng, target = np.random.default_rng([seed, 0xC11C]), scene.task.target
    for name, seen in truth.items():
        held = name == target and scene.task.verb in HOLDING
        clicks = {camera: annotate(masks, rng) for camera, masks in seen.items()}
        label_take(take_folder, clicks=clicks, object_name=name, use_grasp=held)
    return _accuracy(take_folder, target, truth[target])


def true_masks(take_folder: Path) -> tuple[SceneSpec, Truth]:
    """Where each object that the task names is visible on every recorded frame, drawn anew from the
    take's states.

    Nothing is visible on a frame whose state was not recorded: it is neither clicked on nor
    measured.
    """
    with Take.open(take_folder) as take:
        scene, cameras = SceneSpec.from_json(take.info.scene), take.info.cameras
        states = dict(zip(take.simulation.number.tolist(), take.simulation.qpos, strict=True))
        numbers = {camera: frames.number.tolist() for camera, frames in take.frames.items()}
    named = [name for name in (scene.task.target, scene.task.destination) if name is not None]
    truth: dict[str, dict[str, Masks]] = {name: {} for name in named}
    with World(scene) as world:
        for name, camera in cameras.items():
            drawn = _drawn(world, camera, states)
            unseen = np.zeros((camera.height, camera.width), np.bool_)
            for each in named:
                masks = [drawn[n][each] if n in drawn else unseen for n in numbers[name]]
                truth[each][name] = np.stack(masks)
    return scene, truth


def _drawn(
    world: World, camera: Camera, states: Mapping[int, NDArray[np.float64]]
) -> dict[int, Mapping[str, NDArray[np.bool_]]]:
    """What each object covers, by the number of each state."""
    masks: dict[int, Mapping[str, NDArray[np.bool_]]] = {}
    for number, qpos in states.items():
        world.set_qpos(qpos)
        masks[number] = world.instance_masks(camera.name, camera.width, camera.height)
    return masks


def _accuracy(take_folder: Path, target: str, truth: Mapping[str, Masks]) -> Accuracy:
    drawn = Labels.open(take_folder).snapshot.masks
    ious = []
    for camera, masks in truth.items():
        for frame in np.flatnonzero(masks.sum((1, 2)) >= VISIBLE_PX):
            record = drawn.get((camera, int(frame), target))
            ious.append(iou(record.rle, encode(masks[frame])) if record else 0.0)
    labeled = sum(1 for camera, _, name in drawn if name == target and camera in truth)
    return Accuracy(labeled_frames=labeled, ious=tuple(ious))
