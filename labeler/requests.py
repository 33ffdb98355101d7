"""What may be asked of the labels of a take."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ..datasets.labels import label_values
from ..runtime.validation import StrictModel
from .consistency.remedies import Remedy
from .fields import Count, Line, Lines, ObjectName
from .mask_requests import (
    Box,
    Cancel,
    Choose,
    Clear,
    Click,
    Find,
    Hide,
    Lock,
    MoveClick,
    Polygon,
    Propagate,
    RemoveClick,
    Request,
    Show,
    StopFinding,
    StopSuggesting,
    Stroke,
    Suggest,
    TakeFound,
)

OBJECT_LIMIT = 200
SYNONYM_LIMIT = 20  # of one object


class Read(Request):
    """All labels."""

    action: Literal["read"] = "read"


class Instruct(Request):
    """The task in words; "": as recorded."""

    action: Literal["instruction"] = "instruction"
    instruction: Line


class Paraphrase(Request):
    """The task in other words."""

    action: Literal["paraphrases"] = "paraphrases"
    paraphrases: Lines


class Propose(Request):
    """Other wordings are wanted, of the words that its author saw. It is answered at once;
    WordingsProposed tells what comes of it. What the same window asked before is given up."""

    action: Literal["propose"] = "propose"
    paraphraser: str = ""
    """Name of a method; "" is the default."""


class StopProposing(Request):
    """What the window asked for is of no use any more."""

    action: Literal["stop_proposing"] = "stop_proposing"


class NamedObject(StrictModel):
    """An object that masks are of."""

    name: Line
    target: bool


class NameObjects(Request):
    """All objects; masks and prompts of those left out go."""

    action: Literal["objects"] = "objects"
    objects: Annotated[list[NamedObject], Field(max_length=OBJECT_LIMIT)]


class RenameObject(Request):
    """An object is to have another name, and keeps its masks and prompts."""

    action: Literal["rename"] = "rename"
    object: ObjectName
    name: ObjectName


class NameSynonyms(Request):
    """All that an object is called besides its name."""

    action: Literal["synonyms"] = "synonyms"
    object: ObjectName
    synonyms: Annotated[Lines, Field(max_length=SYNONYM_LIMIT)]


class Part(StrictModel):
    """A part of the take with a sub-task of its own, ticks [start, end)."""

    start: Count
    end: Count
    text: Line


class Divide(Request):
    """All parts of the take, in their order."""

    action: Literal["segments"] = "segments"
    segments: list[Part]


class Judge(Request):
    """Whether the take succeeded; None: nobody says. ``partly``: it failed, and did a part."""

    action: Literal["success"] = "success"
    success: bool | None
    partly: bool = False


class Review(Request):
    """Whether a person is done with the take, or another one approves of it or sends it back."""

    action: Literal["review"] = "review"
    review: label_values.Review
    comment: Line = ""
    """What is to be put right, where it is sent back."""


class Reword(Request):
    """Put the words of the take right as a remedy has it; nothing where it has none of them."""

    action: Literal["reword"] = "reword"
    remedy: Remedy


class Revert(Request):
    """Take back one revision of the author's, where nobody changed the same since."""

    action: Literal["revert"] = "revert"
    revision: Count


class Undo(Request):
    """Take back the author's last change."""

    action: Literal["undo"] = "undo"


class Redo(Request):
    """Make again what was taken back last."""

    action: Literal["redo"] = "redo"


LabelRequest: TypeAlias = Annotated[
    Read | Click | Box | Choose | MoveClick | RemoveClick | Stroke | Polygon | Hide | Clear | Lock
    | Propagate | Cancel | Instruct | Paraphrase | NameObjects | RenameObject | NameSynonyms
    | Divide | Judge | Review | Reword | Revert | Show | Suggest | StopSuggesting | Undo | Redo
    | Find | StopFinding | TakeFound | Propose | StopProposing,
    Field(discriminator="action"),
]  # fmt: skip
REQUEST: TypeAdapter[LabelRequest] = TypeAdapter(LabelRequest)
