"""What a propagation follows: the objects of a take, each with the masks that it starts from."""

from collections.abc import Iterator

from ..datasets.labels.snapshot import Snapshot
from .errors import NothingPrompted
from .interactive import drawn
from .propagation.interface import Keyframe, Track
from .propagation.keyframes import grasp_keyframe
from .take_frames import TakeFrames


def tracks_of(take_frames: TakeFrames, snapshot: Snapshot, name: str | None) -> list[Track]:
    """Of one object, or of all (None). Raises NothingPrompted where none has a keyframe."""
    tracks = list(_tracks(take_frames, snapshot, name))
    if not tracks:
        raise NothingPrompted
    return tracks


def _tracks(take_frames: TakeFrames, snapshot: Snapshot, name: str | None) -> Iterator[Track]:
    names = [name] if name is not None else [label.name for label in snapshot.objects]
    for each in names:
        if keyframes := _keyframes(take_frames, snapshot, each):
            yield Track(each, tuple(keyframes))


def _keyframes(take_frames: TakeFrames, snapshot: Snapshot, name: str) -> list[Keyframe]:
    """Where propagation starts; the grasp says which object a target without clicks is."""
    keyframes = [keyframe for keyframe in drawn(snapshot, name) if keyframe.mask.any()]
    if keyframes or name not in snapshot.targets:
        return keyframes
    seed = grasp_keyframe(take_frames, keyframes)
    return [seed] if seed is not None else []
