"""The jobs that training offers. Imports nothing heavy: each work imports what it needs."""

from pathlib import Path

from pydantic import Field

from ..datasets.archive_result import ArchivedTakes
from ..datasets.removal_result import RemovedTakes
from ..jobs.config import JobConfig, Takes
from ..jobs.folder import JobFolder
from ..jobs.kinds import JobKind, always
from ..runtime.json_file import JsonObject
from .adapters.card import Comparison
from .evaluation.config import CompareConfig, EvaluateConfig
from .evaluation.results import Evaluation
from .export_config import ExportTakesConfig, ExportTakesResult, export_config
from .finetune_result import FinetuneResult
from .policies.base_names import DEFAULT
from .policies.interface import TrainingConfig
from .policies.registry import family_of


def finetune_config(given: JsonObject) -> type[TrainingConfig]:
    """The settings of the family that the base is of."""
    base = given.get("base", DEFAULT)
    return family_of(base if isinstance(base, str) else DEFAULT).config


def _finetune(job: JobFolder, config: TrainingConfig) -> FinetuneResult:
    from .finetuning import finetune

    return finetune(job, config)


def _evaluate(job: JobFolder, config: EvaluateConfig) -> Evaluation:
    from .evaluation.evaluation import evaluate

    return evaluate(job, config)


def _compare(job: JobFolder, config: CompareConfig) -> Comparison:
    from .evaluation.evaluation import compare

    return compare(job, config)


def _can_finetune(data: Path, config: TrainingConfig) -> None:
    from .possible import can_finetune

    can_finetune(data, config)


def _can_evaluate(data: Path, config: EvaluateConfig) -> None:
    from .possible import can_evaluate

    can_evaluate(data, config)


def _can_compare(data: Path, config: CompareConfig) -> None:
    from .possible import can_compare

    can_compare(data, config)


def _export(job: JobFolder, config: ExportTakesConfig) -> ExportTakesResult:
    from .export_job import export_as_job

    return export_as_job(job, config)


def _can_export(data: Path, config: ExportTakesConfig) -> None:
    from ..datasets.formats.take_export import require_exportable

    require_exportable(data, config.takes, config.options)


class ArchiveConfig(JobConfig):
    """Which takes to archive; those that are, stay as they are."""

    takes: Takes = Field(min_length=1)


def _archive(job: JobFolder, config: ArchiveConfig) -> ArchivedTakes:
    from .archive_job import archive_as_job

    return archive_as_job(job, config.takes)


class RemovalConfig(JobConfig):
    """Which takes go for good; those that are not in the bin stay."""

    takes: Takes = Field(min_length=1)


def _remove(job: JobFolder, config: RemovalConfig) -> RemovedTakes:
    from .removal_job import remove_as_job

    return remove_as_job(job, config.takes)


FINETUNE = JobKind(
    name="finetune",
    title="Fine-tune",
    config=finetune_config,
    work=_finetune,
    possible=_can_finetune,
)
EVALUATE = JobKind(
    name="evaluate",
    title="Evaluate",
    config=always(EvaluateConfig),
    work=_evaluate,
    possible=_can_evaluate,
)
COMPARE = JobKind(
    name="compare",
    title="Compare",
    config=always(CompareConfig),
    work=_compare,
    possible=_can_compare,
)
EXPORT_TAKES = JobKind(
    name="export-takes",
    title="Export takes",
    config=export_config,
    work=_export,
    possible=_can_export,
    takes_turn=False,
)
ARCHIVE = JobKind(
    name="archive",
    title="Archive takes",
    config=always(ArchiveConfig),
    work=_archive,
    takes_turn=False,
)
REMOVE = JobKind(
    name="remove",
    title="Empty the bin",
    config=always(RemovalConfig),
    work=_remove,
    takes_turn=False,
)
