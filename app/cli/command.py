"""What a command is, and where its data folder is unless it is told."""

import os
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ValidationError

from ...runtime.errors import TeachloopError
from ...runtime.validation import explain, field_name

Preset = Literal["tiny", "quick", "better", "replay"]


class WrongArgument(TeachloopError):
    """What no run can be made with."""


class WrongOption(WrongArgument):
    def __init__(self, error: ValidationError) -> None:
        mistake = error.errors(include_url=False)[0]
        field = field_name(mistake)
        option, words = field.replace("_", "-"), explain([mistake]).removeprefix(field)
        super().__init__(f"--{option}{words}")


class OutOfRange(WrongArgument):
    """A number that no run can be made with."""

    def __init__(self, option: str, least: int, given: int) -> None:
        super().__init__(f"--{option} is {given}; it must be {least} or more.")


class Asked(BaseModel):
    """Options of which a wrong one is told in one sentence, as every other mistake is."""

    def __init__(self, **values: Any) -> None:
        """Raises WrongOption."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise WrongOption(error) from None


def require_at_least(least: int, **options: int) -> None:
    """Raises OutOfRange."""
    for option, given in options.items():
        if given < least:
            raise OutOfRange(option.replace("_", "-"), least, given)


class Command(Protocol):
    """One command with its arguments."""

    def run(self) -> int:
        """Returns the exit code; raises TeachloopError for what a person can put right."""
        ...


def default_data() -> Path:
    return Path(os.environ.get("TEACHLOOP_DATA", "data"))
