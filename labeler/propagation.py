"""Masks of one object in every frame of every camera, from the frames that people marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from ..datasets.masks import MaskSource
from .colours import ColourModel, Colours, of_one_hue
from .errors import NothingPrompted
from .footage import Footage
from .regions import dilate, erode
from .segmenter import Mask, Prompts
from .solid import draw, fit
from .tracker import Belief, Sighting, Tracker

Place = tuple[str, int]  # camera, frame index
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A frame whose mask a person gave; propagation starts there and never changes it."""

    camera: str
    index: int
    mask: Mask  # (height, width)
    source: MaskSource = MaskSource.HUMAN
    prompts: Prompts = field(default_factory=Prompts)  # what the mask was made from
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A propagated mask (height, width) and how sure it is, 0 … 1."""

    mask: Mask
    confidence: float
    source: MaskSource = MaskSource.PROPAGATED


def propagate(
    footage: Footage,
    anchors: Sequence[Anchor],
    progress: Progress = lambda share: None,
    cancelled: Event | None = None,
) -> dict[Place, Found]:
    """Follow the object from the anchors through all frames, forward and backward.

    Frames between two anchors are reached from both sides; where the two agree the mask is
    sure, where not the nearer anchor is believed and the confidence falls.

    Returns: a mask for each frame that is no anchor; fewer when ``cancelled`` was set.
    Raises NothingPrompted without anchors.
    """
    marked = {(anchor.camera, anchor.index): anchor for anchor in anchors if anchor.mask.any()}
    tracker = start(footage, list(marked.values()))
    visits = _visits(footage)
    first = min(i for i, (_, place) in enumerate(visits) if place in marked)
    last = max(i for i, (_, place) in enumerate(visits) if place in marked)
    forward, backward = visits[first:], visits[: last + 1][::-1]
    total = len(forward) + len(backward)
    passes: list[dict[Place, Sighting]] = []
    for route in (forward, backward):
        done = sum(len(p) for p in passes)
        report = lambda n, done=done: progress(min(1.0, (done + n) / total))  # noqa: E731
        passes.append(_follow(tracker, marked, route, report, cancelled))
    return _merge(passes[0], passes[1])


def _visits(footage: Footage) -> list[tuple[int, Place]]:
    """All frames in the order of time; cameras that are fixed before those that move."""
    fixed_first = sorted(footage.cameras, key=lambda name: footage.cameras[name].mount != "base")
    visits = [
        (int(time_ns), rank, name, index)
        for rank, name in enumerate(fixed_first)
        for index, time_ns in enumerate(footage.times_ns[name])
    ]
    return [(time_ns, (name, index)) for time_ns, _, name, index in sorted(visits)]


def start(footage: Footage, anchors: Sequence[Anchor]) -> Tracker:
    """A tracker that knows the object's size and colours."""
    if not anchors:
        raise NothingPrompted
    ranked = sorted(anchors, key=lambda a: _fitness(footage, a), reverse=True)
    best = ranked[0]
    camera, ee_pose = footage.cameras[best.camera], footage.ee_pose(best.camera, best.index)
    fitted = fit(camera, ee_pose, best.mask)
    if fitted is None:
        raise NothingPrompted
    solid, pose = fitted
    outline = solid.outline(camera, ee_pose, pose)
    drawn = draw(outline, best.mask.shape) if outline is not None else best.mask
    fill = float(best.mask.sum() / max(1, drawn.sum()))
    grasps = tuple(footage.motion.grasps())
    return Tracker(footage, solid, fill, learn_colours(footage, anchors), grasps)


def _fitness(footage: Footage, anchor: Anchor) -> tuple[bool, bool, int]:
    """Fixed camera, whole, large: what the solid is best fitted to."""
    mask = anchor.mask
    border = mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any()
    fixed = footage.cameras[anchor.camera].mount == "base"
    return not border, fixed, int(mask.sum())


def learn_colours(footage: Footage, anchors: Sequence[Anchor]) -> ColourModel:
    """From the anchors' pixels, against the rest of their frames and a ring around them.

    What has the object's own hue is not held against it: that is another face of it, or
    another object that only its place tells apart.
    """
    inside: list[Colours] = []
    outside: list[Colours] = []
    for anchor in anchors:
        image = footage.image(anchor.camera, anchor.index)
        sure = erode(anchor.mask, 1)
        own = image[sure if sure.any() else anchor.mask]
        inside.append(own)
        for around in (~dilate(anchor.mask, 3), dilate(anchor.mask, 8) & ~dilate(anchor.mask, 2)):
            others = image[around]
            outside.append(others[~of_one_hue(others, own)])
    return ColourModel.learn(inside, outside)


def _follow(
    tracker: Tracker,
    marked: dict[Place, Anchor],
    route: Sequence[tuple[int, Place]],
    report: Callable[[int], None],
    cancelled: Event | None,
) -> dict[Place, Sighting]:
    """One pass along the route, put right at each anchor."""
    found: dict[Place, Sighting] = {}
    belief: Belief | None = None
    for number, (_, place) in enumerate(route):
        if cancelled is not None and cancelled.is_set():
            break
        if place in marked:
            belief = tracker.believe(marked[place].mask, *place, belief)
        elif belief is not None:
            found[place] = tracker.look(belief, *place)
        if number % 16 == 0:
            report(number)
    report(len(route))
    return found


def _merge(
    forward: dict[Place, Sighting],
    backward: dict[Place, Sighting],
) -> dict[Place, Found]:
    found: dict[Place, Found] = {}
    for place in forward.keys() | backward.keys():
        one, other = forward.get(place), backward.get(place)
        if one is None or other is None:
            only = one or other
            assert only is not None
            found[place] = Found(only.whole(), only.confidence)
        else:
            found[place] = _agree(one, other)
    return found


def _agree(one: Sighting, other: Sighting) -> Found:
    """The surer of two sightings, as sure as they agree."""
    first, second = one.whole(), other.whole()
    union = (first | second).sum()
    agreement = (first & second).sum() / union if union else 1.0
    sure = max(one, other, key=lambda sighting: (sighting.mask.any(), sighting.confidence))
    return Found(first if sure is one else second, float(agreement * sure.confidence))
