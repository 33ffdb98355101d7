"""Errors of takes and labels."""

from pathlib import Path

from ..runtime.errors import TeachloopError


class TakeMissing(TeachloopError):
    """There is nothing at the path of a take."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"No take at {path}. A take is a folder with a file take.h5 in it.")


class NoSuchTake(TeachloopError):
    """No take of that id, in the bin or not."""

    def __init__(self, take_id: str) -> None:
        super().__init__(f"There is no take {take_id!r}.")


class NotInBin(TeachloopError):
    """A take that cannot come back from the bin, since it is not in it."""

    def __init__(self, take_id: str) -> None:
        super().__init__(f"Take {take_id} is not in the bin.")


class TakeRefused(TeachloopError):
    """A take that must not be learned from or judged by."""

    def __init__(self, take_id: str, what: str, hint: str) -> None:
        super().__init__(f"Take {take_id} cannot be used: {what}. {hint}")


class RemovalRefused(TeachloopError):
    """A take that does not go for good."""

    def __init__(self, take_id: str, why: str) -> None:
        super().__init__(f"Take {take_id} stays: {why}")


class NothingShown(TeachloopError):
    """A take without a picture."""

    def __init__(self, take_id: str) -> None:
        super().__init__(f"The take {take_id!r} has no pictures.")


class NotATake(TeachloopError):
    """A file that teachloop never wrote."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is not a take: {reason}.")


class WrongSchema(TeachloopError):
    """A take of a schema that this version cannot read."""

    def __init__(self, path: Path, found: str | int | None) -> None:
        super().__init__(
            f"{path} has take schema {found}; this teachloop reads 1 and 2. "
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

    def __init__(self, path: Path, reason: str | Exception) -> None:
        super().__init__(f"Cannot write {path}: {reason}. What was flushed before is kept.")


class DiskFull(TeachloopError):
    """Too little room to write a take."""

    def __init__(self, folder: Path, free: int, needed: int) -> None:
        super().__init__(
            f"The disk of {folder} has {free >> 20} MiB left, of {needed >> 20} MiB needed. "
            "Make room and try again; what was flushed before is kept."
        )


class WrongRecord(TeachloopError):
    """Something appended to a take does not fit what the take declared at its start."""


class StaleRevision(TeachloopError):
    """An edit that began from a revision which is no longer the last."""

    def __init__(self, base: int, current: int) -> None:
        self.current = current
        super().__init__(
            f"These changes began at revision {base} of the labels, which are at {current} now. "
            "Load them again and repeat the change."
        )


class NoSuchRevision(TeachloopError):
    """A revision that the log does not have."""

    def __init__(self, revision: int, current: int) -> None:
        super().__init__(f"The labels have revisions 0 … {current}, not {revision}.")


class WrongLabel(TeachloopError):
    """Something said about a take that cannot be meant."""


class LabelsUnreadable(TeachloopError):
    """There is an edit log, but the system does not give its content."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path} cannot be read or written: {error.strerror}. It should be a file of yours; "
            "without one, the take counts as unlabelled."
        )


class LabelsDamaged(TeachloopError):
    """The edit log is not what was written."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.reason = f"line {line}: {reason}"
        super().__init__(
            f"{path} is damaged in line {line}: {reason}. Bring that line back from a copy, or go "
            "back to the whole lines before it: `teachloop mend-labels`, or on the Label page."
        )
