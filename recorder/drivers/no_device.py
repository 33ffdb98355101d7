"""An input for which nothing is to be opened: what its agent needs reaches the loop by itself."""

from typing import ClassVar

from pydantic import BaseModel

from ..devices.interfaces import ProcessContext, TwistSink


class NothingToSet(BaseModel, extra="forbid"):
    """There is nothing to set."""


class NoDevice:
    """Is silent."""

    Settings: ClassVar[type[BaseModel]] = NothingToSet

    def __init__(self, name: str, settings: BaseModel, context: ProcessContext) -> None:
        self.name = name

    def __enter__(self) -> "NoDevice":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to release."""

    def stream(self, sink: TwistSink) -> None:
        """It has nothing to say."""
