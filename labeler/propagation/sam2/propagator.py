"""Masks of objects in every frame of the cameras in which somebody showed them, by SAM 2."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from ...errors import NothingPrompted
from ...segmenters.sam2.weights import find_weights
from ...take_frames import TakeFrames
from ..interface import Found, FrameKey, Progress, Track
from .follower import Follower
from .legs import Leg
from .video import CameraVideo, TrackedObject, load_video_model


class Sam2Propagator:
    """SAM 2, 2.1 or EdgeTAM. ``weights``: folder or hub id of a checkpoint in transformers' layout;
    where none is named, the environment's.

    A frame is followed from the keyframe that is nearest, in either direction of time. Objects do
    not know of each other. A camera in which nobody showed an object has no masks of it.
    """

    def __init__(self, weights: str = "") -> None:
        self._weights = weights

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> dict[str, dict[FrameKey, Found]]:
        """See ``Propagator.propagate``. Raises NoWeights, UnusableWeights, MissingPackages."""
        if not all(any(each.mask.any() for each in track.keyframes) for track in tracks):
            raise NothingPrompted
        model = load_video_model(find_weights(self._weights))
        routes = [_Route.through(take_frames, name, tracks) for name in take_frames.cameras]
        steps, total = count(1), sum(len(route.visits) for route in routes)
        found: dict[str, dict[FrameKey, Found]] = {track.name: {} for track in tracks}
        for route in routes:
            video = CameraVideo(model, take_frames, route.camera)
            route.follow(video, lambda: progress(next(steps) / total), cancelled)
            for name, follower in route.followers.items():
                found[name] |= {(route.camera, at): one for at, one in follower.masks.items()}
        return found


@dataclass(frozen=True, slots=True)
class _Visit:
    """The next frame of one object's leg."""

    name: str
    leg: Leg
    index: int

    @property
    def turn(self) -> tuple[bool, int]:
        """Where it stands in one sweep forward and one back, so that a frame that several objects
        come to is looked at once."""
        return self.leg.reverse, -self.index if self.leg.reverse else self.index


@dataclass(frozen=True, slots=True)
class _Route:
    """All objects that somebody showed in one camera, and the way through its frames."""

    camera: str
    followers: Mapping[str, Follower]  # by the object's name
    visits: Sequence[_Visit]

    @classmethod
    def through(cls, take_frames: TakeFrames, camera: str, tracks: Sequence[Track]) -> "_Route":
        followers: dict[str, Follower] = {}
        for track in tracks:
            here = [each for each in track.keyframes if each.camera == camera]
            if any(each.mask.any() for each in here):
                followers[track.name] = Follower(here, take_frames.count(camera))
        visits = [
            _Visit(name, leg, index)
            for name, follower in followers.items()
            for leg in follower.legs
            for index in leg.frames
        ]
        return cls(camera, followers, sorted(visits, key=lambda visit: visit.turn))

    def follow(
        self, video: CameraVideo, tell: Callable[[], None], cancelled: Callable[[], bool]
    ) -> None:
        """``tell`` is called once a visit."""
        objects = {name: TrackedObject(video) for name in self.followers}
        for visit in self.visits:
            if cancelled():
                return
            name = visit.name
            self.followers[name].step(objects[name], visit.leg, visit.index, cancelled)
            tell()
