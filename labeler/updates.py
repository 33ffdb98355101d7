"""What is said about a take, as pages show it, and what they are told of it."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ..datasets.labels.label_values import Review
from ..datasets.labels.origins import Origin
from ..runtime.validation import StrictModel

Place: TypeAlias = Annotated[tuple[str, int, str], Field(strict=False)]
"""Camera, frame and object of a mask."""


class RunLengths(StrictModel):
    """A mask as COCO's compressed run lengths."""

    height: int
    width: int
    counts: str


class ShownMask(StrictModel):
    """One mask, for a page."""

    camera: str
    frame: int
    object: str
    rle: RunLengths
    source: str
    confidence: float  # 0 … 1
    locked: bool
    origin: Origin | None = None
    """What found it, where somebody took what was found."""


class ShownPrompt(StrictModel):
    """A click or a box that a mask was made from; what was drawn by hand shows in the mask alone,
    and has no values."""

    camera: str
    frame: int
    object: str
    kind: Literal["point", "box", "stroke", "polygon"]
    values: list[float]
    positive: bool


class ShownObject(StrictModel):
    """An object that masks are of, whatever its name was when it was given one."""

    name: str
    target: bool
    synonyms: list[str]
    """What else it is called."""


class ShownPart(StrictModel):
    """A part of the take with a sub-task of its own, ticks [start, end)."""

    start: int
    end: int
    text: str


class ShownComment(StrictModel):
    """What somebody said as they were done with the labels, approved them, or sent them back."""

    author: str
    time: str  # ISO 8601 with offset
    review: Review
    text: str


class Steps(StrictModel):
    """What can be done next to a take, by the author who is answered."""

    can_undo: bool
    can_redo: bool
    propagating: bool
    provisional: list[Place]
    """Masks that stand in for those of a segmenter that still looks at their frame."""


class ShownChoice(StrictModel):
    """What a lone click may mean, for a page: one can go on from one mask to the next."""

    camera: str
    frame: int
    object: str
    chosen: int
    masks: list[RunLengths]
    """The surest first."""


class ShownClick(StrictModel):
    """A point of a picture, in its pixels."""

    x: float
    y: float
    positive: bool


class ShownSuggestion(StrictModel):
    """A click that nobody made yet, or that the object is not to be seen in a frame."""

    camera: str
    frame: int
    object: str
    source: str
    why: str
    """In a few words."""
    click: ShownClick | None
    """None: the object is not to be seen."""


class ShownDetection(StrictModel):
    """A mask of something that is called so, and how sure that is, 0 … 1."""

    rle: RunLengths
    score: float


class ShownFinding(StrictModel):
    """What was found of an object in one frame, the surest first, and by which words."""

    known_by: str
    """How a request names it that takes one of its masks; "": there is none."""
    camera: str
    frame: int
    object: str
    finder: str
    words: str
    found: list[ShownDetection]


class Patch(Steps):
    """The words of a take, and the masks that differ from those of an earlier revision."""

    revision: int
    base_revision: int
    """Which one: who shows an older one must read all labels anew."""
    instruction: str
    paraphrases: list[str]
    objects: list[ShownObject]
    prompts: list[ShownPrompt]
    segments: list[ShownPart]
    success: bool | None
    partly: bool
    review: Review
    comments: list[ShownComment]
    """One for each step of the review, the newest last."""
    masks: list[ShownMask]
    removed: list[Place]
    """Masks that are gone."""
    segmenter_ms: float = 0.0
    """Time that the segmenter took."""
    choice: ShownChoice | None = None
    """Of the click that was made, where it leaves one."""
    suggestions: list[ShownSuggestion] = Field(default_factory=list)
    """Where they were asked for."""
    finding: ShownFinding | None = None
    """Where an object was looked for by its name, and the look was not given up."""


class LabelProgress(StrictModel):
    """How a propagation goes, and how it ended."""

    kind: Literal["label_progress"] = "label_progress"
    take: str
    author: str = ""
    """Who asked for it, and whose steps the patch tells."""
    state: Literal["running", "done", "cancelled", "failed"]
    progress: float | None = None  # 0 … 1
    message: str = ""
    patch: Patch | Steps | None = None


class WordingsProposed(StrictModel):
    """What a paraphraser found for a window that asked, or how far it is. Nothing is saved."""

    kind: Literal["label_proposals"] = "label_proposals"
    take: str
    window: str
    source: str
    """The paraphraser, or the model that it runs."""
    state: Literal["running", "done", "failed"]
    progress: float | None = None  # 0 … 1
    proposals: list[str] = Field(default_factory=list)
    message: str = ""
    """Why there are none."""


class LabelsChanged(StrictModel):
    """A take has a new revision."""

    kind: Literal["label_changed"] = "label_changed"
    take: str
    revision: int
    choice: ShownChoice | None = None
    """Of a lone click whose mask followed one that stood in, where it leaves one."""


class ShownPerson(StrictModel):
    """Somebody who is at a take."""

    take: str
    author: str
    """"": nobody named."""
    windows: list[str]
    """In which they are at it."""
    since_s: float
    """Seconds ago."""


class PresenceChanged(StrictModel):
    """Others are at takes than before."""

    kind: Literal["label_presence"] = "label_presence"
    people: list[ShownPerson]
    """All who are."""


Update: TypeAlias = LabelProgress | LabelsChanged | PresenceChanged | WordingsProposed
Tell: TypeAlias = Callable[[Update], None]  # may be called from any thread
