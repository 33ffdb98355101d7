"""How a take ended: it succeeded, it failed, it failed but did a part, or nobody says."""

from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.labels.edits import SetPartly, SetSuccess, ended
from teachloop.datasets.labels.labels import Labels


@pytest.fixture
def labels(tmp_path: Path) -> Labels:
    take = numbered_take(tmp_path, "one", NumberedTake(ticks=3))
    return Labels.open(tmp_path / "takes" / take)


def said(labels: Labels) -> tuple[bool | None, bool]:
    again = Labels.open(labels.folder.parent).snapshot
    assert again == labels.snapshot, "what is on disk is what was said"
    return again.success, again.partly


def test_a_failure_may_have_done_a_part(labels: Labels) -> None:
    labels.add(ended(False, partly=True), "Ada")
    assert said(labels) == (False, True)


@pytest.mark.parametrize("success", [True, False, None])
def test_another_verdict_ends_that(labels: Labels, success: bool | None) -> None:
    labels.add(ended(False, partly=True), "Ada")
    labels.add(ended(success), "Ada")
    assert said(labels) == (success, False)


@pytest.mark.parametrize("success", [True, None])
def test_nothing_but_a_failure_did_a_part(labels: Labels, success: bool | None) -> None:
    labels.add([SetSuccess(success), SetPartly(True)], "Ada")
    assert said(labels) == (success, False)
