"""The jobs that the labeler offers. Imports nothing heavy: the work imports what it needs."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ..datasets.formats.format_names import MaskFormat
from ..jobs.config import JobConfig, Takes
from ..jobs.folder import JobFolder
from ..jobs.kinds import JobKind, always
from ..runtime.json_file import StoredModel


class PropagateConfig(JobConfig):
    """Which takes to propagate in, and how."""

    takes: Takes = Field(min_length=1)
    propagator: str = ""
    """Name of a method; "" is the default."""
    author: str = ""
    """In whose name the masks are kept."""
    name: str = ""


class PropagateResult(StoredModel):
    """What came of it."""

    takes: int
    """How many takes have new masks."""
    left_out: dict[str, str] = Field(default_factory=dict)
    """Id of a take -> why nothing could be propagated in it."""


def _propagate(job: JobFolder, config: PropagateConfig) -> PropagateResult:
    from .propagate_job import propagate_takes

    return propagate_takes(job, config)


PROPAGATE = JobKind(
    name="propagate",
    title="Propagate",
    config=always(PropagateConfig),
    work=_propagate,
    takes_turn=False,
)


class FetchConfig(JobConfig):
    """Which of the published weights to fetch."""

    name: str
    """Of their file or folder, see ``models/published.py``."""


class FetchResult(StoredModel):
    """What came of it."""

    method: str
    """Whose weights they are."""
    weights: str
    """The file or folder."""


def _fetch(job: JobFolder, config: FetchConfig) -> FetchResult:
    from .models.fetch_job import fetch_weights

    return fetch_weights(job, config)


def _can_be_fetched(data: Path, config: FetchConfig) -> None:
    from .models.storage import ModelStorage, find_published
    from .packages import require_packages

    item = find_published(data, config.name)
    require_packages(item.about, item.packages)
    ModelStorage(data).require_room(item, item.size)


FETCH = JobKind(
    name="fetch",
    title="Fetch",
    config=always(FetchConfig),
    work=_fetch,
    possible=_can_be_fetched,
    takes_turn=False,
)


class ExportMasksConfig(JobConfig):
    """Which takes' masks to write, and how."""

    takes: Takes = Field(min_length=1)
    format: MaskFormat


class ExportMasksResult(StoredModel):
    """What came of it."""

    folder: str
    """Where it lies."""
    frames: int
    masks: int
    incomplete: int
    """Frames that were left out, since an object of their take has no mask there."""
    left_out: dict[str, str] = Field(default_factory=dict)
    """Id of a take -> why nothing of it was written."""


def _export_masks(job: JobFolder, config: ExportMasksConfig) -> ExportMasksResult:
    from .export_job import export_takes

    return export_takes(job, config)


EXPORT_MASKS = JobKind(
    name="export-masks",
    title="Export masks",
    config=always(ExportMasksConfig),
    work=_export_masks,
    takes_turn=False,
)


class ImportPicturesConfig(JobConfig):
    """Which pictures to import."""

    source: Annotated[str, Field(min_length=1)]
    """A folder of pictures, or a COCO file (.json), on this machine."""
    author: str = ""
    """In whose name their labels are kept."""


class ImportPicturesResult(StoredModel):
    """What came of it."""

    takes: int
    pictures: int
    masks: int


def _import_pictures(job: JobFolder, config: ImportPicturesConfig) -> ImportPicturesResult:
    from .import_job import import_set

    return import_set(job, config)


def _can_be_imported(data: Path, config: ImportPicturesConfig) -> None:
    """All but the pixels themselves is looked at."""
    from ..datasets.formats.picture_takes import read_pictures

    read_pictures(Path(config.source))


IMPORT_PICTURES = JobKind(
    name="import-pictures",
    title="Import pictures",
    config=always(ImportPicturesConfig),
    work=_import_pictures,
    possible=_can_be_imported,
    takes_turn=False,
)
