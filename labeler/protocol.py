"""What the labeler's process is told and asked, and what it says."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ..runtime.ipc.worker_process import WorkerSettings
from ..runtime.validation import StrictModel
from .requests import LabelRequest
from .updates import LabelProgress, LabelsChanged, Patch, PresenceChanged, WordingsProposed


class LabelerStart(WorkerSettings):
    """What the labeler's process is told at its start."""

    data: str  # folder


class Poster(StrictModel):
    """One small picture that stands for a take."""

    action: Literal["poster"] = "poster"
    take: str


class UseWeights(StrictModel):
    """These are a method's weights from now on, where they can be; answered by an offer."""

    action: Literal["use_weights"] = "use_weights"
    method: str
    weights: str
    """File, folder or hub id."""


class Leave(StrictModel):
    """A window is at a take no longer. Nobody answers it."""

    action: Literal["leave"] = "leave"
    window: str
    take: str = ""
    """"": whatever it was at."""


Asked: TypeAlias = Annotated[
    LabelRequest | Poster | UseWeights | Leave, Field(discriminator="action")
]
ASKED: TypeAdapter[LabelRequest | Poster | UseWeights | Leave] = TypeAdapter(Asked)


class MethodChoice(StrictModel):
    """One way to segment, to propagate, to find by name or to paraphrase, for who chooses."""

    name: str
    needs: str = ""
    costs: str = ""
    several: bool = False
    """Whether it knows several masks that a lone click may mean."""


class Offer(StrictModel):
    """What there is to choose from: the labeler's first words, and whenever that changes."""

    kind: Literal["offer"] = "offer"
    segmenters: list[MethodChoice]
    segmenter: str
    """Name of the one that segments where nobody chooses."""
    propagators: list[MethodChoice]
    propagator: str
    finders: list[MethodChoice]
    finder: str
    paraphrasers: list[MethodChoice]
    paraphraser: str


class Answered(StrictModel):
    """A request was done."""

    kind: Literal["answered"] = "answered"
    patch: Patch


class Picture(StrictModel):
    """The poster that was asked for."""

    kind: Literal["picture"] = "picture"
    jpeg: bytes


Reason: TypeAlias = Literal["", "missing", "stale", "damaged"]
"""Which refusals a page answers in a way of its own: there is no such take, or no picture of it;
somebody else changed the same words; a line of the labels is not whole."""


class Refused(StrictModel):
    """A request was not done; why, in words for the page."""

    kind: Literal["refused"] = "refused"
    message: str
    reason: Reason = ""


Spoken: TypeAlias = Annotated[
    Answered | Picture | Refused | Offer | LabelProgress | LabelsChanged | PresenceChanged
    | WordingsProposed,
    Field(discriminator="kind"),
]  # fmt: skip
SPOKEN: TypeAdapter[Spoken] = TypeAdapter(Spoken)
