"""What a disk refuses, in words."""

import errno

import pytest

from teachloop.runtime.disk_errors import DiskRefused, in_words, is_full, is_refused
from teachloop.runtime.errors import TeachloopError

FULL = OSError(errno.ENOSPC, "No space left on device", "/data/x")
READ_ONLY = OSError(errno.EROFS, "Read-only file system", "/data/x")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_with_what_would_help(number: int) -> None:
    words = str(DiskRefused(OSError(number, "whatever", "/data/x")))
    assert words.startswith("The disk is full (/data/x). Make room")


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("SafetensorError: IoError: No space left on device (os error 28)"),
        OSError("Unable to write: No space left on device"),
        ValueError("database or disk is full"),
    ],
)
def test_a_library_that_hits_the_end_of_a_disk_is_understood(error: Exception) -> None:
    assert is_full(error)
    assert "Make room" in in_words(error, "train")


def test_a_folder_that_may_not_be_written_is_said_with_what_would_help() -> None:
    assert is_refused(READ_ONLY)
    assert not is_full(READ_ONLY)
    assert "Make it writable" in in_words(READ_ONLY, "save")


def test_other_errors_are_said_in_one_line() -> None:
    words = in_words(KeyError("front"), "The writer failed to do 'keep'")
    assert words == "The writer failed to do 'keep': KeyError: 'front'. Its log says more."
    assert in_words(TeachloopError("Said well."), "x") == "Said well."
    assert "\n" not in in_words(ValueError("one\ntwo"), "x")
    assert not is_refused(KeyError())


def test_a_full_disk_names_the_file_where_it_is_known() -> None:
    assert "(/data/x)" in in_words(FULL, "x")
    assert "()" not in in_words(OSError(errno.ENOSPC, "full"), "x")
