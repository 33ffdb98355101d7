"""What a disk refuses, in words: it is full, or nobody may write there."""

import errno

from .errors import TeachloopError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_OURS = (errno.EROFS, errno.EACCES, errno.EPERM)
SAID_FULL = ("no space left on device", "disk is full", "disk quota exceeded", "file too large")
SAID_NOT_OURS = (
    "readonly database",
    "unable to open database file",
    "read-only file system",
    "permission denied",
)


class DiskRefused(TeachloopError):
    """A file could not be read or written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(_explained(error))


def is_full(error: Exception) -> bool:
    """Whether room would help. Libraries that write by themselves say so in their own words."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    return any(words in str(error).lower() for words in SAID_FULL)


def is_refused(error: Exception) -> bool:
    """Whether the disk is at fault: it is full, or nobody may write there."""
    return is_full(error) or _is_not_ours(error)


def in_words(error: Exception, failed: str) -> str:
    """In one line for a person. ``failed``: who did not do what, before what was not expected."""
    if isinstance(error, TeachloopError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There was not enough memory. End other programs, or ask for less at a time."
    if isinstance(error, OSError) or is_refused(error):
        return _explained(error)
    reason = (str(error).strip() or "it says no more").splitlines()[0]
    return f"{failed}: {type(error).__name__}: {reason}. Its log says more."


def _explained(error: Exception) -> str:
    if is_full(error):
        return f"The disk is full{_at(error)}. Make room, and do it again; what was saved is kept."
    if _is_not_ours(error):
        return f"Nothing may be written{_at(error)}. Make it writable, and do it again."
    why = error.strerror if isinstance(error, OSError) and error.strerror else error
    return f"The disk failed{_at(error)}: {why}."


def _is_not_ours(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in NOT_OURS:
        return True
    return any(words in str(error).lower() for words in SAID_NOT_OURS)


def _at(error: Exception) -> str:
    path = error.filename if isinstance(error, OSError) else None
    return f" ({path})" if path else ""
