"""The frames that propagation starts from: clicked by people, or projected from a grasp."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..datasets.masks import MaskSource
from .classical import ClassicalSegmenter
from .footage import Footage
from .propagation import Anchor
from .segmenter import Click, Prompts

TimedClick = tuple[int, float, float, bool]  # frame, x, y, positive


def click_anchors(footage: Footage, clicks: Mapping[str, Sequence[TimedClick]]) -> list[Anchor]:
    """A mask for every clicked frame, from all the clicks in it."""
    anchors = []
    for camera, points in clicks.items():
        for frame in sorted({point[0] for point in points}):
            prompts = Prompts(tuple(Click(x, y, sign) for at, x, y, sign in points if at == frame))
            if prompts.positive:
                anchors.append(_segment(footage, camera, frame, prompts, MaskSource.HUMAN))
    return anchors


def _segment(
    footage: Footage, camera: str, frame: int, prompts: Prompts, source: MaskSource
) -> Anchor:
    segmenter = ClassicalSegmenter()
    segmenter.set_image(footage.image(camera, frame))
    found = segmenter.segment(prompts)
    return Anchor(camera, frame, found.mask, source, prompts, found.confidence)


def grasp_anchor(footage: Footage, known: Sequence[Anchor]) -> Anchor | None:
    """A positive click where the hand closed, in the first frame of a fixed camera.

    None when nothing was grasped, or somebody clicked in that camera already.
    """
    grasps = footage.motion.grasps()
    fixed = [name for name, camera in footage.cameras.items() if camera.mount == "base"]
    fixed = [name for name in fixed if name not in {anchor.camera for anchor in known}]
    if not grasps or not fixed:
        return None
    camera = footage.cameras[fixed[0]]
    point = footage.motion.ee_at(grasps[0].start_ns)[:3, 3]
    pixel, depth = camera.project(point, footage.ee_pose(camera.name, 0))
    if (
        depth <= 0
        or not (np.array([0, 0]) < pixel).all()
        or not (pixel < (camera.width, camera.height)).all()
    ):
        return None
    prompts = Prompts((Click(float(pixel[0]), float(pixel[1])),))
    return _segment(footage, camera.name, 0, prompts, MaskSource.PROJECTED)


def settle(footage: Footage, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Leave out anchors that show nothing."""
    return [anchor for anchor in anchors if anchor.mask.any()]
