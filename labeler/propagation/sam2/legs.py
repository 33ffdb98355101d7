"""From which keyframe each frame is followed: the one that is nearest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ....datasets.labels.masks import iou
from ..interface import Found


@dataclass(frozen=True, slots=True)
class Leg:
    """A run of frames from a keyframe to the last that is followed from there, in order."""

    start: int
    end: int

    @property
    def reverse(self) -> bool:
        return self.end < self.start

    @property
    def frames(self) -> range:
        """Those after the keyframe."""
        step = -1 if self.reverse else 1
        return range(self.start + step, self.end + step, step)


def legs_between(keyframes: Sequence[int], count: int) -> list[Leg]:
    """From some keyframes, at least one, through all of a camera's ``count`` frames. Two that come
    towards each other share the frame in the middle."""
    ordered = sorted(set(keyframes))
    legs = [Leg(ordered[0], 0), Leg(ordered[-1], count - 1)]
    for first, second in pairwise(ordered):
        middle = (first + second) // 2
        if middle > first:
            legs += [Leg(first, middle), Leg(second, middle)]
    return [leg for leg in legs if leg.start != leg.end]


def nearest(keyframes: Sequence[int], leg: Leg, most: int) -> list[int]:
    """The keyframes that say most of a leg's frames: where it starts, and what lies around."""
    return sorted(keyframes, key=lambda index: abs(index - leg.end))[:most]


def merged(found: Mapping[Leg, Mapping[int, Found]]) -> dict[int, Found]:
    """What all legs found, by frame.

    Where two meet, both found a mask in one frame. The less these agree, the less sure are the
    frames of both legs, and that the more, the farther from their keyframe: one of them drifted.
    """
    masks: dict[int, Found] = {}
    for leg, frames in found.items():
        agreed = _agreement(leg, found)
        for index, one in frames.items():
            share = abs(index - leg.start) / len(leg.frames)
            sure = replace(one, confidence=one.confidence * (1 - (1 - agreed) * share))
            other = masks.get(index)
            if other is None or other.confidence < sure.confidence:
                masks[index] = sure
    return masks


def _agreement(leg: Leg, found: Mapping[Leg, Mapping[int, Found]]) -> float:
    """Of the leg's last mask with that of the one that it meets; 1 where it meets none."""
    last = [frames[leg.end].rle for at, frames in found.items() if at.end == leg.end in frames]
    return iou(*last) if len(last) == 2 else 1.0
