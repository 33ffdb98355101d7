"""The frames that propagation starts from: clicked by people, or projected from a grasp."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...datasets.labels.masks import MaskSource
from ..segmenters.classical.colours import ColourModel, learn_colours
from ..segmenters.classical.regions import dilate, fill_holes, refine_edge, touching
from ..segmenters.classical.segmenter import ClassicalSegmenter
from ..segmenters.interface import Click, Prompts
from ..take_frames import TakeFrames
from .classical.object_model import trust
from .interface import Keyframe

_SLIP_PX = 3  # a hand trembles by that much
_AGREED = 0.85

TimedClick = tuple[int, float, float, bool]  # frame, x, y, positive


def click_keyframes(
    take_frames: TakeFrames, clicks: Mapping[str, Sequence[TimedClick]]
) -> list[Keyframe]:
    """A mask for every clicked frame, from all the clicks in it."""
    keyframes = []
    for camera, points in clicks.items():
        for frame in sorted({point[0] for point in points}):
            prompts = Prompts(tuple(Click(x, y, sign) for at, x, y, sign in points if at == frame))
            if prompts.positive:
                keyframes.append(_segment(take_frames, camera, frame, prompts, MaskSource.HUMAN))
    return keyframes


def _segment(
    take_frames: TakeFrames, camera: str, frame: int, prompts: Prompts, source: MaskSource
) -> Keyframe:
    segmenter = ClassicalSegmenter()
    segmenter.set_image(take_frames.image(camera, frame))
    found = segmenter.segment(prompts)
    return Keyframe(camera, frame, found.mask, source, prompts, found.confidence, reviewed=False)


def grasp_keyframe(take_frames: TakeFrames, known: Sequence[Keyframe]) -> Keyframe | None:
    """A positive click where the hand closed, in the first frame of a fixed camera.

    None when nothing was grasped, or somebody clicked in that camera already.
    """
    grasps = take_frames.motion.grasps()
    fixed = [name for name, camera in take_frames.cameras.items() if camera.mount == "base"]
    fixed = [name for name in fixed if name not in {keyframe.camera for keyframe in known}]
    if not grasps or not fixed:
        return None
    camera = take_frames.cameras[fixed[0]]
    point = take_frames.motion.ee_at(grasps[0].start_ns)[:3, 3]
    pixel, depth = camera.project(point, take_frames.ee_pose(camera.name, 0))
    if (
        depth <= 0
        or not (np.array([0, 0]) < pixel).all()
        or not (pixel < (camera.width, camera.height)).all()
    ):
        return None
    prompts = Prompts((Click(float(pixel[0]), float(pixel[1])),))
    return _segment(take_frames, camera.name, 0, prompts, MaskSource.PROJECTED)


def reject_outliers(take_frames: TakeFrames, keyframes: Sequence[Keyframe]) -> list[Keyframe]:
    """Leave out slips: nobody looked at the masks that these clicks gave.

    The surest one says what colours the object has; a click that is not on them missed.
    Where its mask and the colours disagree, the colours win.
    """
    shown = [keyframe for keyframe in keyframes if keyframe.mask.any()]
    if not shown:
        return []
    surest = max(shown, key=lambda keyframe: trust(take_frames, keyframe))
    colours = learn_colours([take_frames.example(*surest.place, surest.mask)])
    checked = [_look_again(take_frames, colours, keyframe) for keyframe in shown]
    kept = [keyframe for keyframe in checked if keyframe is not None]
    return kept or [surest]


def _look_again(
    take_frames: TakeFrames, colours: ColourModel, keyframe: Keyframe
) -> Keyframe | None:
    """The keyframe with the mask that the object's known colours give; None for a slip."""
    image = take_frames.image(*keyframe.place)
    likely = colours.ratio(image) > 0
    core = np.zeros(likely.shape, bool)
    for click in keyframe.prompts.positive:
        core[click.pixel(likely.shape)] = True
    parts = touching(likely, dilate(core, _SLIP_PX))
    if not parts.any():
        return None
    agreed = (keyframe.mask & likely).sum() > _AGREED * keyframe.mask.sum()
    whole = refine_edge(image, fill_holes(parts))
    if agreed and keyframe.mask.sum() > _AGREED * whole.sum():
        return keyframe
    return replace(keyframe, mask=whole)
