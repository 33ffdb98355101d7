"""What the labeler's process is told and asked, and what it says."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ..runtime.ipc.worker_process import WorkerSettings
from ..runtime.validation import StrictModel
from .requests import LabelRequest
from .updates import LabelProgress, LabelsChanged, Patch


class LabelerStart(WorkerSettings):
    """What the labeler's process is told at its start."""

    data: str  # folder


class Poster(StrictModel):
    """One small picture that stands for a take."""

    action: Literal["poster"] = "poster"
    take: str


Asked: TypeAlias = Annotated[LabelRequest | Poster, Field(discriminator="action")]
ASKED: TypeAdapter[LabelRequest | Poster] = TypeAdapter(Asked)


class SegmenterChoice(StrictModel):
    """One way to segment, for who chooses."""

    name: str
    needs: str = ""
    costs: str = ""


class Offer(StrictModel):
    """The labeler's first words: what there is to choose from."""

    kind: Literal["offer"] = "offer"
    segmenters: list[SegmenterChoice]
    segmenter: str
    """Name of the one that segments where nobody chooses."""


class Answered(StrictModel):
    """A request was done."""

    kind: Literal["answered"] = "answered"
    patch: Patch


class Picture(StrictModel):
    """The poster that was asked for."""

    kind: Literal["picture"] = "picture"
    jpeg: bytes


class Refused(StrictModel):
    """A request was not done; why, in words for the page."""

    kind: Literal["refused"] = "refused"
    message: str
    missing: bool = False
    """There is no such take, or no picture of it."""


Spoken: TypeAlias = Annotated[
    Answered | Picture | Refused | Offer | LabelProgress | LabelsChanged,
    Field(discriminator="kind"),
]
SPOKEN: TypeAdapter[Spoken] = TypeAdapter(Spoken)
