"""What the labeler refuses, in words for the page."""

from ..runtime.errors import TeachloopError


class NothingPrompted(TeachloopError):
    def __init__(self) -> None:
        super().__init__("Nothing to segment yet: click on the object or draw a box around it.")


class NothingToFollow(TeachloopError):
    def __init__(self) -> None:
        super().__init__(
            "These are single pictures: an object in one is nowhere in the next. Click in each."
        )


class NothingLeft(TeachloopError):
    """A prompt with which nothing of the object would be left."""

    def __init__(self, positive: bool) -> None:
        found = "Nothing was found there: draw a box around the object."
        gone = "Nothing of the object would be left. Clear takes its mask away in this frame."
        super().__init__(found if positive else gone)


class NothingToChoose(TeachloopError):
    """There is no other mask to go on to."""

    def __init__(self, lone: bool) -> None:
        known = "The segmenter knows one mask for this click. SAM knows three."
        several = "Only a single click in a frame leaves a choice: clear it, then click once."
        super().__init__(known if lone else several)


class NothingToTake(TeachloopError):
    """What was found is known for a while, and until the labeler ends."""

    def __init__(self) -> None:
        super().__init__("What was found there is not known any more. Look for it again.")


class OthersLook(TeachloopError):
    def __init__(self, looks: int) -> None:
        super().__init__(f"{looks} objects are being looked for just now. Try again in a moment.")


class StillLooking(TeachloopError):
    """What a click may mean is not known before the segmenter has looked at the picture."""

    def __init__(self) -> None:
        super().__init__(
            "The segmenter still looks at this picture. Once its mask is there, it tells what "
            "else the click may mean."
        )


class NothingToUndo(TeachloopError):
    def __init__(self) -> None:
        super().__init__("There is no change of this session to take back or make again.")


class ChangedSince(TeachloopError):
    def __init__(self, revision: int) -> None:
        super().__init__(
            f"What revision {revision} changed is not as it left it: somebody went on from there. "
            "Change it on the Label page."
        )


class NoSuchFrame(TeachloopError):
    def __init__(self, camera: str, frame: int) -> None:
        super().__init__(f"This take has no frame {frame} of a camera {camera!r}.")


class NothingSaid(TeachloopError):
    def __init__(self) -> None:
        super().__init__("Say what is to be put right, so that somebody can.")


class NoSuchObject(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"This take has no object {name!r:.60}. Add it first.")


class WrongPart(TeachloopError):
    """A part of a take that is none, or that overlaps the one before it."""

    def __init__(self, start: int, end: int, free: int, ticks: int) -> None:
        super().__init__(
            "A sub-task begins before it ends, and once the one before it has ended: between ticks "
            f"{free} and {ticks}, not from {start} to {end}."
        )


class WrongPlace(TeachloopError):
    """A place that is not in the picture."""

    def __init__(self, name: str, wanted: str, value: float | list[float]) -> None:
        super().__init__(f"{name} must be {wanted}, got {value!r:.60}.")
