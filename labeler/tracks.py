"""What a propagation follows: the objects of a take, each with the masks that it starts from."""

from collections.abc import Iterator

import numpy as np

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
    """Where propagation starts, and where nothing is to be seen; the grasp says which object a
    target without clicks is."""
    keyframes, hidden = drawn(snapshot, name), list(_hidden(snapshot, name))
    if not keyframes and name in snapshot.targets:
        seed = grasp_keyframe(take_frames, [])
        if seed is not None and seed.place not in [each.place for each in hidden]:
            keyframes = [seed]
    return [*keyframes, *hidden] if keyframes else []


def _hidden(snapshot: Snapshot, name: str) -> Iterator[Keyframe]:
    """Where people said that the object is not to be seen. There may be thousands: their masks take
    no memory."""
    for (camera, frame, of), record in snapshot.masks.items():
        if of == name and record.hidden:
            nothing = np.broadcast_to(np.False_, (record.rle.height, record.rle.width))
            yield Keyframe(camera, frame, nothing, record.source)
