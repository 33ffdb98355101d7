"""What the marked frames tell of an object: its size, its colours, when the hand held it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from ..datasets.masks import MaskSource
from ..datasets.steps import Pose
from .colours import ColourModel, Colours, of_one_hue
from .errors import NothingPrompted
from .footage import Footage
from .grasps import Grasp
from .regions import components, dilate, erode
from .segmenter import Mask, Prompts
from .solid import Solid, draw, fit, float_before
from .tracker import Tracker

TABLE_SHARE = 0.2  # of the image; what is larger is no object
_ALIKE_PX = 60  # smaller patches of the object's colours are not taken for objects
_ENOUGH = 8000  # pixels that stand for all around
_IN_HAND_M = 0.06  # an object's centre is no further from the fingertips that close on it


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A frame with a mask that propagation starts from."""

    camera: str
    index: int
    mask: Mask  # (height, width)
    source: MaskSource = MaskSource.HUMAN
    prompts: Prompts = field(default_factory=Prompts)  # what the mask was made from
    confidence: float = 1.0
    reviewed: bool = True  # a person saw the mask; propagation never changes it

    @property
    def place(self) -> tuple[str, int]:
        return self.camera, self.index


def learn(footage: Footage, anchors: Sequence[Anchor], grasped: bool | None = None) -> Tracker:
    """A tracker for the object of the anchors.

    ``grasped`` says whether it is what the hand held; None finds out by where it was.
    Raises NothingPrompted without anchors.
    """
    if not anchors:
        raise NothingPrompted
    ranked = sorted(anchors, key=lambda a: trust(footage, a), reverse=True)
    anchor, solid, pose = _fitted(footage, ranked)
    camera, ee_pose = footage.cameras[anchor.camera], footage.ee_pose(*anchor.place)
    outline = solid.outline(camera, ee_pose, pose)
    drawn = anchor.mask if outline is None else draw(outline, anchor.mask.shape)
    fill = float(anchor.mask.sum() / max(1, drawn.sum()))
    grasps = held_grasps(footage, solid, anchors) if grasped is None else footage.motion.grasps()
    kept = tuple(grasps) if grasped is not False else ()
    colours = learn_colours(footage, anchors)
    alike = [other.points(at) for other, at in _alike(footage, anchor, colours)]
    points = np.array(alike).reshape(-1, 32, 3)
    return Tracker(footage, solid, fill, colours, kept, points)


def _fitted(footage: Footage, ranked: Sequence[Anchor]) -> tuple[Anchor, Solid, Pose]:
    """The solid of the surest anchor that lies on the table, or else of the surest."""
    for anchor in ranked:
        camera, ee_pose = footage.cameras[anchor.camera], footage.ee_pose(*anchor.place)
        fitted = fit(camera, ee_pose, anchor.mask)
        if fitted is not None:
            return anchor, *fitted
    first = ranked[0]
    camera, ee_pose = footage.cameras[first.camera], footage.ee_pose(*first.place)
    return first, *float_before(camera, ee_pose, first.mask)


def _alike(footage: Footage, anchor: Anchor, colours: ColourModel) -> Iterator[tuple[Solid, Pose]]:
    """Other objects of the same colours in the anchor's frame, each stood on the table."""
    camera, ee_pose = footage.cameras[anchor.camera], footage.ee_pose(*anchor.place)
    likely = (colours.ratio(footage.image(*anchor.place)) > 0) & ~dilate(anchor.mask, 3)
    count, labels, stats = components(likely)
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] >= _ALIKE_PX:
            fitted = fit(camera, ee_pose, labels == label)
            if fitted is not None:
                yield fitted


def trust(footage: Footage, anchor: Anchor) -> float:
    """More for a whole object, seen by a camera that stands still, before any grasp."""
    mask, time_ns = anchor.mask, footage.times_ns[anchor.camera][anchor.index]
    border = mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any()
    fixed = footage.cameras[anchor.camera].mount == "base"
    on_table = all(time_ns < grasp.start_ns for grasp in footage.motion.grasps())
    marks = (
        (0.5, not border),
        (0.3, fixed),
        (0.6, on_table),
        (1.0, mask.mean() < TABLE_SHARE),
        (0.3, anchor.source == MaskSource.HUMAN),
        (1.0, anchor.reviewed),
    )
    return anchor.confidence + sum(weight for weight, true in marks if true)


def held_grasps(footage: Footage, solid: Solid, anchors: Sequence[Anchor]) -> list[Grasp]:
    """The grasps that closed on this object, judged by the last anchor before each.

    Where all anchors come later, it must have lain where the hand let go.
    """
    held = []
    for grasp in footage.motion.grasps():
        times = {a.place: int(footage.times_ns[a.camera][a.index]) for a in anchors}
        before = [a for a in anchors if times[a.place] <= grasp.start_ns]
        if before:
            anchor, at_ns = max(before, key=lambda a: times[a.place]), grasp.start_ns
        else:
            anchor = min(anchors, key=lambda a: times[a.place])
            at_ns = min(grasp.end_ns, times[anchor.place])
        if _near_hand(footage, solid, anchor, at_ns):
            held.append(grasp)
    return held


def _near_hand(footage: Footage, solid: Solid, anchor: Anchor, time_ns: int) -> bool:
    """Whether the object, where the anchor shows it, is where the fingertips are at a time."""
    camera, ee_pose = footage.cameras[anchor.camera], footage.ee_pose(*anchor.place)
    rows, columns = np.nonzero(anchor.mask)
    middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
    hand = footage.motion.ee_at(time_ns)[:3, 3]
    on_plane = camera.lift_to_height(middle, float(hand[2]), ee_pose)
    return bool(np.linalg.norm(on_plane - hand) < max(_IN_HAND_M, solid.radius_m + 0.02))


def learn_colours(footage: Footage, anchors: Sequence[Anchor]) -> ColourModel:
    """From the anchors' pixels, against the rest of their frames and a ring around them.

    What has the object's own hue is not held against it: that is another face of it, or
    another object that only its place tells apart.
    """
    inside: list[Colours] = []
    outside: list[Colours] = []
    for anchor in anchors:
        image = footage.image(*anchor.place)
        sure = erode(anchor.mask, 1)
        own = image[sure if sure.any() else anchor.mask]
        inside.append(own)
        for around in (~dilate(anchor.mask, 3), dilate(anchor.mask, 8) & ~dilate(anchor.mask, 2)):
            others = image[around]
            others = others[:: 1 + len(others) // _ENOUGH]
            outside.append(others[~of_one_hue(others, own)])
    return ColourModel.learn(inside, outside)
