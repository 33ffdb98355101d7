"""What may be asked of the masks of a take."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ..runtime.validation import StrictModel
from .fields import Corners, Count, Line, ObjectName, Outline, Path, Pixel, Width

PLACE_LIMIT = 200


class Request(StrictModel):
    """Something asked about one take, and in whose name; "": nobody said."""

    take: str
    author: Line = ""
    window: Line = ""
    """Where it was asked, as the server knows it; whoever changes something in a window is at
    the take. "": none."""
    base_revision: Count | None = None
    """What its author saw: words that somebody else changed since are not replaced. None: the
    newest."""


class Place(StrictModel):
    """One frame of one camera."""

    camera: str
    frame: Count


Places = Annotated[list[Place], Field(min_length=1, max_length=PLACE_LIMIT)]


class MaskChange(Request):
    """A change of one object's mask in one frame of one camera."""

    camera: str
    frame: Count
    object: ObjectName


class Click(MaskChange):
    """A point inside the object, or outside of it, and the mask that follows."""

    action: Literal["click"] = "click"
    x: Pixel
    y: Pixel
    positive: bool = True
    segmenter: str = ""
    """Name of a method; "" is the default."""


class Box(MaskChange):
    """A box around the object, and the mask that follows."""

    action: Literal["box"] = "box"
    values: Corners
    segmenter: str = ""


class Choose(MaskChange):
    """Go on to the next mask that the only click of an object in one frame may mean."""

    action: Literal["choose"] = "choose"
    segmenter: str = ""


class MoveClick(MaskChange):
    """A click at one pixel is to be at another, and the mask that follows."""

    action: Literal["move_click"] = "move_click"
    x: Pixel
    y: Pixel
    to_x: Pixel
    to_y: Pixel
    segmenter: str = ""


class RemoveClick(MaskChange):
    """A click is to be gone, and the mask that follows."""

    action: Literal["remove_click"] = "remove_click"
    x: Pixel
    y: Pixel
    segmenter: str = ""


Prompting: TypeAlias = Click | Box | Choose | MoveClick | RemoveClick
"""What a segmenter is asked about."""


class Stroke(MaskChange):
    """What a round brush covers on its way is part of the object, or is not."""

    action: Literal["stroke"] = "stroke"
    path: Path
    width: Width
    positive: bool = True


class Polygon(MaskChange):
    """What lies between these corners is part of the object, or is not."""

    action: Literal["polygon"] = "polygon"
    corners: Outline
    positive: bool = True


class Hide(MaskChange):
    """Say that the object is not to be seen from one frame to another, both included."""

    action: Literal["hide"] = "hide"
    last: Count


class Clear(Request):
    """Take away the masks of an object, and the prompts that they were made from."""

    action: Literal["clear"] = "clear"
    places: Places
    object: ObjectName


class Lock(Request):
    """Lock or unlock all masks at some places."""

    action: Literal["lock"] = "lock"
    places: Places
    locked: bool


class Propagate(Request):
    """Carry masks to all frames. It is answered at once; LabelProgress tells how it goes."""

    action: Literal["propagate"] = "propagate"
    object: ObjectName | None = None
    """None: every object that has a mask."""
    propagator: str = ""


class Cancel(Request):
    """End a propagation; nothing of it is kept."""

    action: Literal["cancel"] = "cancel"


class Show(Request):
    """Somebody sees these frames: what is near may be looked at before they click there. It holds
    for some minutes, and is said again."""

    action: Literal["show"] = "show"
    frames: Places
    segmenter: str = ""


class Suggest(Request):
    """Where clicks on an object may belong, as far as what was recorded tells. What the same author
    asked before is given up."""

    action: Literal["suggest"] = "suggest"
    object: ObjectName


class StopSuggesting(Request):
    """What the author asked for is of no use any more."""

    action: Literal["stop_suggesting"] = "stop_suggesting"


class Find(MaskChange):
    """Where the object is in a frame, as far as its name tells, or else its synonyms. What was
    looked for in the same window before is given up."""

    action: Literal["find"] = "find"
    finder: str = ""
    """Name of a method; "" is the default."""


class StopFinding(Request):
    """What the window asked for is of no use any more."""

    action: Literal["stop_finding"] = "stop_finding"


class TakeFound(Request):
    """One of the masks that were found is that of the object, where it was looked for."""

    action: Literal["take_found"] = "take_found"
    object: ObjectName
    finding: Line
    """By which it is known."""
    choice: Count
    """Which of its masks."""
