"""Whether a data folder has what a job of training is asked for. Imports nothing heavy."""

from collections.abc import Sequence
from pathlib import Path

from ..datasets.takes.check import require_usable
from ..runtime.errors import TeachloopError
from ..runtime.validation import Invalid
from .adapters.registry import get_adapter
from .data.one_robot import embodiment_of
from .evaluation.config import CompareConfig, EvaluateConfig
from .evaluation.layouts import NotSimulated, unseen_layouts
from .policies.interface import TrainingConfig
from .policies.registry import absolute_name


def can_finetune(data: Path, config: TrainingConfig) -> None:
    """Raises Invalid, UnknownBase."""
    absolute_name(config.base)
    if not config.takes:
        raise Invalid("Choose at least one take to learn from.", "takes")
    for take_id in config.takes:
        _require_take(data, take_id)
    _require_one_robot(data, config.takes)
    if config.rollouts:
        try:
            unseen_layouts(data, config.takes, config.rollouts)
        except NotSimulated as error:
            raise Invalid(str(error), "rollouts") from error


def can_evaluate(data: Path, config: EvaluateConfig) -> None:
    """Raises NoSuchAdapter, AdapterDamaged, UnknownBase."""
    base = get_adapter(data, config.adapter).card.base if config.adapter else config.base
    absolute_name(base)


def can_compare(data: Path, config: CompareConfig) -> None:
    """Raises NoSuchAdapter, AdapterDamaged, UnknownBase, NotSimulated."""
    card = get_adapter(data, config.adapter).card
    absolute_name(card.base)
    unseen_layouts(data, [take.id for take in card.takes], config.rollouts)


def _require_one_robot(data: Path, take_ids: Sequence[str]) -> None:
    try:
        embodiment_of(data, take_ids)
    except TeachloopError as error:
        raise Invalid(str(error), "takes") from error


def _require_take(data: Path, take_id: str) -> None:
    try:
        require_usable(data, take_id)
    except TeachloopError as error:
        raise Invalid(str(error), "takes") from error
