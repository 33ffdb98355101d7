"""Kinds of jobs: what each is asked for, and the work that it does."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from ..runtime.json_file import JsonObject
from ..runtime.validation import Invalid, explain, field_name
from .config import JobConfig
from .folder import JobFolder

Config = TypeVar("Config", bound=JobConfig)
Offered = TypeVar("Offered", bound=JobConfig, covariant=True)


class UnknownKind(Invalid):
    def __init__(self, kind: str, known: Sequence[str]) -> None:
        super().__init__(f"No job of kind {kind!r}. Known: {', '.join(known)}.")


class BadSettings(Invalid):
    """What a job was asked for does not fit; the text names the fields."""

    def __init__(self, kind: str, reasons: str, field: str = "") -> None:
        super().__init__(f"This {kind} job cannot be done as it is asked for: {reasons}", field)


class Kind(Protocol[Offered]):
    """A kind of job, whatever its settings are."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def takes_turn(self) -> bool: ...
    def read(self, given: JsonObject) -> Offered: ...
    def check(self, data: Path, given: JsonObject) -> None: ...
    def work_on(self, job: JobFolder) -> BaseModel: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind(Generic[Config]):
    """What is offered by whoever has work that outlives a click.

    It is made where nothing heavy is loaded; the work itself imports what it needs.
    """

    name: str
    title: str
    """For people, before the name of what it is about."""
    config: Callable[[JsonObject], type[Config]]
    """Which model the settings are read into; see ``always`` where there is one alone."""
    work: Callable[[JobFolder, Config], BaseModel]
    """Works on the job to its end; returns its result. May raise JobCancelled."""
    possible: Callable[[Path, Config], None] = lambda data, config: None
    """Raises TeachloopError where the data folder has not what the settings name: then there is
    no job, or it ends before its work begins."""
    takes_turn: bool = True
    """Whether it waits until no other such job works; short work need not."""

    def read(self, given: JsonObject) -> Config:
        """Checked settings. Raises BadSettings."""
        try:
            text = json.dumps(given, ensure_ascii=False).encode()
            return self.config(given).model_validate_json(text)
        except UnicodeEncodeError as error:
            raise BadSettings(self.name, "half a character is in it.") from error
        except ValidationError as error:
            mistakes = error.errors()
            raise BadSettings(self.name, explain(mistakes), field_name(mistakes[0])) from error

    def check(self, data: Path, given: JsonObject) -> None:
        """Whether a data folder has what is asked for. Raises BadSettings, TeachloopError."""
        self.possible(data, self.read(given))

    def work_on(self, job: JobFolder) -> BaseModel:
        """Do what the job was asked for. Raises BadSettings and what the work raises."""
        config = self.read(job.spec.config)
        self.possible(job.data, config)
        return self.work(job, config)


def always(config: type[Config]) -> Callable[[JsonObject], type[Config]]:
    """The same model whatever is given."""
    return lambda given: config


class JobKinds:
    """All kinds of jobs of one product, by name."""

    def __init__(self, *kinds: Kind[JobConfig]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __getitem__(self, name: str) -> Kind[JobConfig]:
        """Raises UnknownKind."""
        if name not in self._kinds:
            raise UnknownKind(name, list(self._kinds))
        return self._kinds[name]

    def title(self, name: str) -> str:
        """What people call this kind; its name where it is not known any more."""
        return self._kinds[name].title if name in self._kinds else name
