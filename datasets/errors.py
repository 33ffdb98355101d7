"""The one base of all errors that teachloop raises on purpose, and those of the data."""

from pathlib import Path


class TeachloopError(Exception):
    """Says what was wrong and what would be right; the CLI and pages show it as it is."""


class TakeMissing(TeachloopError):
    """There is nothing at the path of a take."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"No take at {path}. A take is a folder with a file take.h5 in it.")


class NotATake(TeachloopError):
    """A file that teachloop never wrote."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is not a take: {reason}.")


class WrongSchema(TeachloopError):
    """A take of a schema that this version cannot read."""

    def __init__(self, path: Path, found: object, readable: int) -> None:
        super().__init__(
            f"{path} has take schema {found}; this teachloop reads {readable}. "
            "Open it with the version that recorded it, or update teachloop."
        )


class TakeDamaged(TeachloopError):
    """A take whose content is not what was recorded."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{path} is damaged: {reason}.")


class TakeBusy(TeachloopError):
    """Another process is writing or recovering this take."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is being written by another process. Stop that one first.")


class TakeNotWritable(TeachloopError):
    """The take cannot be written (any more)."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"Cannot write {path}: {reason}. What was flushed before is kept.")


class WrongRecord(TeachloopError):
    """Something appended to a take does not fit what the take declared at its start."""
