"""The contract of every propagator: masks of some frames in, masks of all frames out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ...datasets.labels.masks import MaskSource, Rle, decode, encode
from ..segmenters.interface import Mask, Prompts
from ..take_frames import TakeFrames

FrameKey = tuple[str, int]  # camera, frame index
Progress = Callable[[float], None]  # hears shares from 0 to 1


@dataclass(frozen=True, slots=True, eq=False)
class Keyframe:
    """A frame with a mask that propagation starts from; an empty one says that the object is not
    to be seen there."""

    camera: str
    index: int
    mask: Mask  # (height, width), not to be written into
    source: MaskSource = MaskSource.HUMAN
    prompts: Prompts = field(default_factory=Prompts)  # what the mask was made from
    confidence: float = 1.0
    reviewed: bool = True  # a person saw the mask; propagation never changes it

    @property
    def place(self) -> tuple[str, int]:
        return self.camera, self.index


@dataclass(frozen=True, slots=True)
class Track:
    """One object that is to be followed through a take."""

    name: str
    keyframes: tuple[Keyframe, ...]
    grasped: bool | None = None  # whether the hand held it; None: to be found out


@dataclass(frozen=True, slots=True)
class Found:
    """A mask as run lengths, for a take has thousands; how sure it is, 0 … 1, and where it came
    from."""

    rle: Rle
    confidence: float
    source: MaskSource = MaskSource.PROPAGATED

    @classmethod
    def of(
        cls, mask: Mask, confidence: float, source: MaskSource = MaskSource.PROPAGATED
    ) -> "Found":
        """Of a mask (height, width)."""
        return cls(encode(mask), confidence, source)

    @property
    def mask(self) -> Mask:
        return decode(self.rle)


@runtime_checkable
class Propagator(Protocol):
    """Follows objects through all frames of all cameras."""

    def propagate(
        self,
        take_frames: TakeFrames,
        tracks: Sequence[Track],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> Mapping[str, Mapping[FrameKey, Found]]:
        """A mask for each frame of each camera, by the object's name.

        Keyframes that a person reviewed stay as they are and may be left out; nothing is learned
        from frames in which the object is not to be seen. Once ``cancelled`` says so, what was
        found so far is returned soon. Raises NothingPrompted for an object without a keyframe in
        which it is to be seen.
        """
        ...
