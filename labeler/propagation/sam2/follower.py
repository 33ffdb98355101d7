"""One object in the frames of one camera: what is known of it, and what was found."""

from collections.abc import Callable, Sequence

from ...segmenters.interface import Mask
from ...segmenters.sam2.images import to_mask
from ..interface import Found, Keyframe
from ..plausibility import plausibility
from .legs import Leg, legs_between, merged, nearest
from .video import Sight, TrackedObject

REMINDED = 4  # keyframes that the model is shown at a time; a take may have hundreds


class Follower:
    """Follows its object along legs; frames that a person reviewed stay as they are."""

    def __init__(self, keyframes: Sequence[Keyframe], count: int) -> None:
        """``keyframes``: all of one camera, of which at least one shows the object. ``count``: of
        the camera's frames."""
        self._keyframes = {keyframe.index: keyframe for keyframe in keyframes}
        self._showing = [keyframe.index for keyframe in keyframes if keyframe.mask.any()]
        self.legs = legs_between(self._showing, count)
        self._found: dict[Leg, dict[int, Found]] = {leg: {} for leg in self.legs}
        self._answers: dict[int, Found] = {}  # to the prompts of keyframes that nobody reviewed
        self._before: Mask | None = None  # of the frame that was left last
        self._trust = 1.0

    @property
    def masks(self) -> dict[int, Found]:
        """What was found, by frame."""
        return merged(self._found) | self._answers

    def step(
        self, video: TrackedObject, leg: Leg, index: int, cancelled: Callable[[], bool]
    ) -> None:
        """Follow to the next frame of a leg, which begins at its first."""
        if index == leg.frames[0]:
            self._begin(video, leg, cancelled)
        if index in self._keyframes or cancelled():
            return
        sight = video.track(index, leg.reverse)
        mask = to_mask(sight.logits, video.shape).numpy()
        if self._before is not None:
            self._trust = min(self._trust, plausibility(mask, self._before))
        self._before = mask
        self._found[leg][index] = Found.of(mask, self._trust * _confidence(sight, mask))

    def _begin(self, video: TrackedObject, leg: Leg, cancelled: Callable[[], bool]) -> None:
        """Say again what is known around the leg, and nothing else."""
        reminded = nearest(self._showing, leg, REMINDED)
        video.forget(but=reminded)
        for index in reminded:
            if cancelled():
                return
            if index not in video.known:
                self._say(video, self._keyframes[index])
        start = self._answers.get(leg.start, self._keyframes[leg.start])
        self._before, self._trust = start.mask, 1.0

    def _say(self, video: TrackedObject, keyframe: Keyframe) -> None:
        """The mask that a person saw; where nobody did, the model makes its own of the prompts."""
        prompts = keyframe.prompts
        if not keyframe.reviewed and (prompts.positive or prompts.box):
            sight = video.point_out(keyframe.index, prompts)
            mask = to_mask(sight.logits, video.shape).numpy()
            if mask.any():
                answer = Found.of(mask, _confidence(sight, mask), keyframe.source)
                self._answers[keyframe.index] = answer
                return
        video.show(keyframe.index, keyframe.mask)


def _confidence(sight: Sight, mask: Mask) -> float:
    """That of a mask, or that nothing is to be seen."""
    return sight.visible * sight.score if mask.any() else 1 - sight.visible
