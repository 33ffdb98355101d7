"""The jobs that the labeler offers. Imports nothing heavy: the work imports what it needs."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ..datasets.formats.face_finder import require_face_finder
from ..datasets.formats.format_names import MaskFormat, SetFormat
from ..datasets.formats.import_options import ImportOptions
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
    hide_faces: bool = False


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


def _can_export_masks(data: Path, config: ExportMasksConfig) -> None:
    """Raises NoFaceFinder."""
    if config.hide_faces:
        require_face_finder()


EXPORT_MASKS = JobKind(
    name="export-masks",
    title="Export masks",
    config=always(ExportMasksConfig),
    work=_export_masks,
    possible=_can_export_masks,
    takes_turn=False,
)


class ImportConfig(JobConfig):
    """What to import."""

    source: Annotated[str, Field(min_length=1)]
    """A folder of pictures, a COCO file (.json), or a data set of takes of others, its folder or
    its HDF5 file, on this machine."""
    author: str = ""
    """In whose name the labels of pictures are kept."""
    options: ImportOptions = ImportOptions()
    """How a data set is to be read."""


class ImportResult(StoredModel):
    """What came of it."""

    format: SetFormat
    takes: int
    there: int = 0
    """How many episodes were takes before."""
    left_out: dict[str, str] = Field(default_factory=dict)
    """Place of an episode in its set -> why no take was made of it."""
    pictures: int = 0
    masks: int = 0


def _import(job: JobFolder, config: ImportConfig) -> ImportResult:
    from .import_job import import_set

    return import_set(job, config)


def _can_be_imported(data: Path, config: ImportConfig) -> None:
    """Of pictures, all but the pixels themselves is looked at; of a set, whether it is one."""
    from .import_job import require_set

    require_set(config)


IMPORT = JobKind(
    name="import",
    title="Import",
    config=always(ImportConfig),
    work=_import,
    possible=_can_be_imported,
    takes_turn=False,
)
