"""In which order the frames of a take are worth a look before somebody clicks in them."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from ..datasets.labels.snapshot import Snapshot
from .propagation.interface import FrameKey
from .take_frames import TakeFrames

UNSURE = 0.6  # a mask that is less sure is one that people correct


def frames_ahead(
    take_frames: TakeFrames, snapshot: Snapshot, shown: Sequence[FrameKey]
) -> list[FrameKey]:
    """All frames of all cameras: those that are ``shown``; those in which somebody clicked, whose
    masks are unsure, or in which the hand grasps, the nearest in time first; then all others, the
    nearest first. Frames that the take does not have are left out."""
    there = [frame for frame in shown if _has(take_frames, frame)]
    now_ns = _time_ns(take_frames, there[0]) if there else 0
    likely = {*_likely(snapshot), *_grasps(take_frames)}

    def rank(frame: FrameKey) -> tuple[bool, bool, int, str]:
        away_ns = abs(_time_ns(take_frames, frame) - now_ns)
        return frame not in there, frame not in likely, away_ns, frame[0]

    return sorted(_all(take_frames), key=rank)


def _all(take_frames: TakeFrames) -> Iterator[FrameKey]:
    for camera in take_frames.cameras:
        yield from ((camera, index) for index in range(take_frames.count(camera)))


def _has(take_frames: TakeFrames, frame: FrameKey) -> bool:
    camera, index = frame
    return camera in take_frames.cameras and 0 <= index < take_frames.count(camera)


def _time_ns(take_frames: TakeFrames, frame: FrameKey) -> int:
    return int(take_frames.times_ns[frame[0]][frame[1]])


def _likely(snapshot: Snapshot) -> Collection[FrameKey]:
    clicked = {(prompt.camera, prompt.frame) for prompt in snapshot.prompts}
    unsure = {
        place[:2]
        for place, record in snapshot.masks.items()
        if not record.by_person and record.confidence < UNSURE
    }
    return clicked | unsure


def _grasps(take_frames: TakeFrames) -> Iterator[FrameKey]:
    for grasp in take_frames.motion.grasps():
        for camera, times_ns in take_frames.times_ns.items():
            if len(times_ns):
                yield camera, int(np.abs(times_ns - grasp.start_ns).argmin())
