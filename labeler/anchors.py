"""The frames that propagation starts from: clicked by people, or projected from a grasp."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..datasets.masks import MaskSource
from .classical import ClassicalSegmenter
from .colours import ColourModel
from .footage import Footage
from .learning import Anchor, learn_colours, trust
from .regions import dilate, fill_holes, refine_edge, touching
from .segmenter import Click, Prompts

_SLIP_PX = 3  # a hand trembles by that much
_AGREED = 0.85

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
    return Anchor(camera, frame, found.mask, source, prompts, found.confidence, reviewed=False)


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
    """Leave out slips: nobody looked at the masks that these clicks gave.

    The surest one says what colours the object has; a click that is not on them missed.
    Where its mask and the colours disagree, the colours win.
    """
    shown = [anchor for anchor in anchors if anchor.mask.any()]
    if not shown:
        return []
    surest = max(shown, key=lambda anchor: trust(footage, anchor))
    colours = learn_colours(footage, [surest])
    checked = [_look_again(footage, colours, anchor) for anchor in shown]
    kept = [anchor for anchor in checked if anchor is not None]
    return kept or [surest]


def _look_again(footage: Footage, colours: ColourModel, anchor: Anchor) -> Anchor | None:
    """The anchor with the mask that the object's known colours give; None for a slip."""
    image = footage.image(*anchor.place)
    likely = colours.ratio(image) > 0
    core = np.zeros(likely.shape, bool)
    for click in anchor.prompts.positive:
        core[click.pixel(likely.shape)] = True
    parts = touching(likely, dilate(core, _SLIP_PX))
    if not parts.any():
        return None
    agreed = (anchor.mask & likely).sum() > _AGREED * anchor.mask.sum()
    whole = refine_edge(image, fill_holes(parts))
    if agreed and anchor.mask.sum() > _AGREED * whole.sum():
        return anchor
    return replace(anchor, mask=whole)
