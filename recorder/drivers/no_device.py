"""An input for which nothing is to be opened: what its agent needs reaches the loop by itself."""

from pydantic import BaseModel

from ..devices.interfaces import ProcessContext, TwistSink


class NoDevice:
    """Is silent."""

    class Settings(BaseModel, extra="forbid", use_attribute_docstrings=True):
        """There is nothing to set."""

    def __init__(self, name: str, settings: Settings, context: ProcessContext) -> None:
        self.name = name

    def __enter__(self) -> "NoDevice":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to release."""

    def stream(self, sink: TwistSink) -> None:
        """It has nothing to say."""
