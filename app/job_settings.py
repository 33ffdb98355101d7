"""A job's settings, as it was given them, read into the class that its work wants."""

from typing import TypeVar

from ..datasets.errors import TeachloopError
from ..training.jobs import JobFolder

Config = TypeVar("Config")


class BadSettings(TeachloopError):
    def __init__(self, kind: str, error: Exception) -> None:
        super().__init__(f"The settings of this {kind} job cannot be used: {error}.")


def settings(config: type[Config], job: JobFolder) -> Config:
    """JSON knows lists only, the settings want tuples. Raises BadSettings."""
    spec = job.spec
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in spec.config.items()}
    try:
        return config(**given)
    except TypeError as error:
        raise BadSettings(spec.kind, error) from error
