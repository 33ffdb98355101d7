"""Names follow each other, whatever the clock says."""

import re
from datetime import datetime, timezone

import pytest

from teachloop.runtime.ids import next_stamp

AHEAD = "20990101-000000"  # what the clock said before it was set back


def test_a_name_begins_with_the_utc_second_and_a_count() -> None:
    before = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    stamp = next_stamp([])
    assert re.fullmatch(r"\d{8}-\d{6}-0000", stamp)
    assert before <= stamp[:15] <= datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")


def test_a_new_name_comes_behind_all_that_were_given_also_where_the_clock_was_set_back() -> None:
    names = [f"{AHEAD}-0003", "20261122-154312-0007"]
    for _ in range(3):
        names.append(next_stamp(names))
    assert names[2:] == [f"{AHEAD}-0004", f"{AHEAD}-0005", f"{AHEAD}-0006"]


@pytest.mark.parametrize(
    "newest", [f"{AHEAD}-9999", f"{AHEAD}-finetune-3fa1", f"{AHEAD}-9c1e", AHEAD]
)
def test_where_a_second_has_no_count_left_the_next_one_goes_on(newest: str) -> None:
    stamp = next_stamp([f"{AHEAD}-0003", newest])
    assert newest < stamp == "20990101-000001-0000"


def test_other_names_do_not_count() -> None:
    stamp = next_stamp(
        ["20991399-999999-0000", "99991231-235959-9999", "notes", "", "2099", ".DS_Store"]
    )
    assert stamp < AHEAD
