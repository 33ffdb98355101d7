"""Masks of one object in every frame of every camera, from the frames that were marked."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from ...segmenters.classical.regions import dilate
from ...take_frames import TakeFrames
from ..interface import Found, FrameKey, Keyframe, Progress, Track
from .detection import Detection
from .object_model import learn, trust
from .pose_estimate import PoseEstimate
from .tracker import Tracker

_REPORT_EVERY = 16
_SLIP_PX = 3  # a hand trembles by that much
_ALIKE = (0.8, 1.25)  # area of a click's mask over what was expected there


class ClassicalPropagator:
    """Colours, an upright cylinder and the robot's motion; one object after the other."""

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> dict[str, dict[FrameKey, Found]]:
        """See ``Propagator.propagate``."""
        found: dict[str, dict[FrameKey, Found]] = {}
        for number, track in enumerate(tracks):
            share = lambda part, n=number: progress((n + part) / len(tracks))  # noqa: E731
            found[track.name] = _follow(take_frames, track, share, cancelled)
        return found


def _follow(
    take_frames: TakeFrames, track: Track, progress: Progress, cancelled: Callable[[], bool]
) -> dict[FrameKey, Found]:
    """Follow the object through all frames, from the surest keyframe forward and backward.

    Frames between two keyframes are reached from both sides; where the two agree the mask is
    sure, where not the surer one is taken and its confidence falls.
    """
    marked = {keyframe.place: keyframe for keyframe in track.keyframes if keyframe.mask.any()}
    hidden = {keyframe.place for keyframe in track.keyframes} - marked.keys()
    tracker = learn(take_frames, list(marked.values()), track.grasped)
    visits = _visits(take_frames)
    at = {place: number for number, place in enumerate(visits) if place in marked}
    surest = at[max(marked.values(), key=lambda keyframe: trust(take_frames, keyframe)).place]
    first, last = min(at.values()), max(at.values())
    total = len(visits) + last - first
    run = _Run(tracker, marked, hidden, lambda done: progress(min(1.0, done / total)), cancelled)
    onward = run.leg(visits[surest:], None)
    back = run.leg(visits[surest::-1], None)
    chosen = {**back, **onward}
    again = run.leg(visits[last:surest:-1], run.estimates.get(visits[last]), chosen)
    again |= run.leg(visits[first:surest], run.estimates.get(visits[first]), chosen)
    return {**_merge(chosen, again), **run.corrected}


def _visits(take_frames: TakeFrames) -> list[FrameKey]:
    """All frames in the order of time; cameras that are fixed before those that move."""
    fixed_first = sorted(
        take_frames.cameras, key=lambda name: take_frames.cameras[name].mount != "base"
    )
    visits = [
        (int(time_ns), rank, name, index)
        for rank, name in enumerate(fixed_first)
        for index, time_ns in enumerate(take_frames.times_ns[name])
    ]
    return [(name, index) for _, _, name, index in sorted(visits)]


class _Run:
    """The passes of one propagation, and what they learn at the keyframes."""

    def __init__(
        self,
        tracker: Tracker,
        marked: Mapping[FrameKey, Keyframe],
        hidden: Set[FrameKey],
        report: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.estimates: dict[FrameKey, PoseEstimate] = {}  # at each keyframe, after it was believed
        self.corrected: dict[FrameKey, Found] = {}  # masks of the keyframes that nobody reviewed
        self._tracker = tracker
        self._marked = dict(marked)
        self._hidden = hidden
        self._report = report
        self._cancelled = cancelled
        self._done = 0

    def leg(
        self,
        route: Sequence[FrameKey],
        estimate: PoseEstimate | None,
        before: Mapping[FrameKey, Detection] | None = None,
    ) -> dict[FrameKey, Detection]:
        """One pass along the route, put right at each keyframe.

        Given what was found ``before``, it is a check, and leaves out every other frame of a
        camera for as long as both find the same, standing still.
        """
        found: dict[FrameKey, Detection] = {}
        skip: set[str] = set()
        estimate = None if estimate is None else estimate.copy()
        for place in route:
            if self._cancelled():
                break
            if place in self._marked:
                estimate = self._believe(place, estimate)
            elif place in self._hidden:
                self._tracker.lose(estimate, *place)
            elif place[0] in skip:
                skip.discard(place[0])
            elif estimate is not None:
                seen = found[place] = self._tracker.look(estimate, *place)
                if before is not None and seen.still and seen.alike(before.get(place)):
                    skip.add(place[0])
            self._done += 1
            if self._done % _REPORT_EVERY == 0:
                self._report(self._done)
        self._report(self._done)
        return found

    def _believe(self, place: FrameKey, estimate: PoseEstimate | None) -> PoseEstimate:
        keyframe = self._marked[place]
        if not keyframe.reviewed and place not in self.estimates and estimate is not None:
            keyframe = _reconciled(keyframe, self._tracker.look(estimate.copy(), *place))
            self._marked[place] = keyframe
        if not keyframe.reviewed:
            self.corrected[place] = Found.of(keyframe.mask, keyframe.confidence, keyframe.source)
        believed = self._tracker.believe(keyframe.mask, *place, estimate)
        self.estimates[place] = believed.copy()
        return believed


def _reconciled(keyframe: Keyframe, detection: Detection) -> Keyframe:
    """A click's mask, or what was expected there if the click is on that, yet its mask is
    much smaller (one face) or larger (leaked into something alike)."""
    expected = detection.whole()
    reach = dilate(expected, _SLIP_PX)
    on_it = any(reach[click.pixel(reach.shape)] for click in keyframe.prompts.positive)
    ratio = keyframe.mask.sum() / max(1, expected.sum())
    if not on_it or _ALIKE[0] < ratio < _ALIKE[1]:
        return keyframe
    return replace(keyframe, mask=expected, confidence=detection.confidence)


def _merge(
    chosen: Mapping[FrameKey, Detection], again: Mapping[FrameKey, Detection]
) -> dict[FrameKey, Found]:
    found: dict[FrameKey, Found] = {}
    for place, detection in chosen.items():
        other = again.get(place)
        if other is None:
            found[place] = Found.of(detection.whole(), detection.confidence)
        else:
            found[place] = _agree(detection, other)
    return found


def _agree(one: Detection, other: Detection) -> Found:
    """The surer of two detections, as sure as they agree."""
    sure = max(one, other, key=lambda detection: (not detection.empty, detection.confidence))
    return Found.of(sure.whole(), one.agreement(other) * sure.confidence)
