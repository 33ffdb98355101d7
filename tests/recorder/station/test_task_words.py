"""What a take is of is the same text, however it was typed, and is never cut."""

import pytest
from pydantic import ValidationError

from teachloop.recorder.station.commands import SetTask


def test_the_same_words_are_the_same_task() -> None:
    typed = SetTask(
        task=" cups ", instruction="Wu\u0308rfel  auf\u00a0den Teller\n", operator="Ada "
    )
    assert typed == SetTask(task="cups", instruction="Würfel auf den Teller", operator="Ada")


def test_words_that_are_too_long_are_refused_whole() -> None:
    assert SetTask(instruction="x" * 1000).instruction == "x" * 1000
    with pytest.raises(ValidationError, match="text of at most 1000 characters"):
        SetTask(instruction="x" * 1001)
