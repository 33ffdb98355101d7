"""Masks of one object in every frame of every camera, from the frames that were marked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event

from ..datasets.masks import MaskSource
from .belief import Belief
from .footage import Footage
from .learning import Anchor, learn, trust
from .regions import dilate
from .segmenter import Mask
from .sighting import Sighting
from .tracker import Tracker

Place = tuple[str, int]  # camera, frame index
Progress = Callable[[float], None]

_REPORT_EVERY = 16
_SLIP_PX = 3  # a hand trembles by that much
_ALIKE = (0.8, 1.25)  # area of a click's mask over what was expected there


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A mask (height, width), how sure it is, 0 … 1, and where it came from."""

    mask: Mask
    confidence: float
    source: MaskSource = MaskSource.PROPAGATED


def propagate(
    footage: Footage,
    anchors: Sequence[Anchor],
    progress: Progress = lambda share: None,
    cancelled: Event | None = None,
    grasped: bool | None = None,
) -> dict[Place, Found]:
    """Follow the object through all frames, from the surest anchor forward and backward.

    Frames between two anchors are reached from both sides; where the two agree the mask is
    sure, where not the surer one is taken and its confidence falls.

    Returns: a mask for each frame but the reviewed anchors'; fewer when ``cancelled`` was
    set. Raises NothingPrompted without anchors.
    """
    marked = {anchor.place: anchor for anchor in anchors if anchor.mask.any()}
    tracker = learn(footage, list(marked.values()), grasped)
    visits = _visits(footage)
    at = {place: number for number, place in enumerate(visits) if place in marked}
    surest = at[max(marked.values(), key=lambda anchor: trust(footage, anchor)).place]
    first, last = min(at.values()), max(at.values())
    total = len(visits) + last - first
    run = _Run(tracker, marked, lambda done: progress(min(1.0, done / total)), cancelled)
    onward = run.leg(visits[surest:], None)
    back = run.leg(visits[surest::-1], None)
    chosen = {**back, **onward}
    again = run.leg(visits[last:surest:-1], run.beliefs.get(visits[last]), chosen)
    again |= run.leg(visits[first:surest], run.beliefs.get(visits[first]), chosen)
    return {**_merge(chosen, again), **run.corrected}


def _visits(footage: Footage) -> list[Place]:
    """All frames in the order of time; cameras that are fixed before those that move."""
    fixed_first = sorted(footage.cameras, key=lambda name: footage.cameras[name].mount != "base")
    visits = [
        (int(time_ns), rank, name, index)
        for rank, name in enumerate(fixed_first)
        for index, time_ns in enumerate(footage.times_ns[name])
    ]
    return [(name, index) for _, _, name, index in sorted(visits)]


class _Run:
    """The passes of one propagation, and what they learn at the anchors."""

    def __init__(
        self,
        tracker: Tracker,
        marked: Mapping[Place, Anchor],
        report: Callable[[int], None],
        cancelled: Event | None,
    ) -> None:
        self.beliefs: dict[Place, Belief] = {}  # at each anchor, after it was believed
        self.corrected: dict[Place, Found] = {}  # masks of the anchors that nobody reviewed
        self._tracker = tracker
        self._marked = dict(marked)
        self._report = report
        self._cancelled = cancelled
        self._done = 0

    def leg(
        self,
        route: Sequence[Place],
        belief: Belief | None,
        before: Mapping[Place, Sighting] | None = None,
    ) -> dict[Place, Sighting]:
        """One pass along the route, put right at each anchor.

        Given what was found ``before``, it is a check, and leaves out every other frame of a
        camera for as long as both find the same, standing still.
        """
        found: dict[Place, Sighting] = {}
        skip: set[str] = set()
        belief = None if belief is None else belief.copy()
        for place in route:
            if self._cancelled is not None and self._cancelled.is_set():
                break
            if place in self._marked:
                belief = self._believe(place, belief)
            elif place[0] in skip:
                skip.discard(place[0])
            elif belief is not None:
                seen = found[place] = self._tracker.look(belief, *place)
                if before is not None and seen.still and seen.alike(before.get(place)):
                    skip.add(place[0])
            self._done += 1
            if self._done % _REPORT_EVERY == 0:
                self._report(self._done)
        self._report(self._done)
        return found

    def _believe(self, place: Place, belief: Belief | None) -> Belief:
        anchor = self._marked[place]
        if not anchor.reviewed and place not in self.beliefs and belief is not None:
            anchor = _reconciled(anchor, self._tracker.look(belief.copy(), *place))
            self._marked[place] = anchor
        if not anchor.reviewed:
            self.corrected[place] = Found(anchor.mask, anchor.confidence, anchor.source)
        believed = self._tracker.believe(anchor.mask, *place, belief)
        self.beliefs[place] = believed.copy()
        return believed


def _reconciled(anchor: Anchor, sighting: Sighting) -> Anchor:
    """A click's mask, or what was expected there if the click is on that, yet its mask is
    much smaller (one face) or larger (leaked into something alike)."""
    expected = sighting.whole()
    reach = dilate(expected, _SLIP_PX)
    on_it = any(reach[click.pixel(reach.shape)] for click in anchor.prompts.positive)
    ratio = anchor.mask.sum() / max(1, expected.sum())
    if not on_it or _ALIKE[0] < ratio < _ALIKE[1]:
        return anchor
    return replace(anchor, mask=expected, confidence=sighting.confidence)


def _merge(chosen: Mapping[Place, Sighting], again: Mapping[Place, Sighting]) -> dict[Place, Found]:
    found: dict[Place, Found] = {}
    for place, sighting in chosen.items():
        other = again.get(place)
        if other is None:
            found[place] = Found(sighting.whole(), sighting.confidence)
        else:
            found[place] = _agree(sighting, other)
    return found


def _agree(one: Sighting, other: Sighting) -> Found:
    """The surer of two sightings, as sure as they agree."""
    sure = max(one, other, key=lambda sighting: (not sighting.empty, sighting.confidence))
    return Found(sure.whole(), one.agreement(other) * sure.confidence)
