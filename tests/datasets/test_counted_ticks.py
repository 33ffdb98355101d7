"""A part that is marked in ticks is the part that counts, whatever the clock was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachloop.datasets.counted_ticks import NothingMarked, TickSpan, counted_ticks, trim_to
from teachloop.datasets.labels.label_values import Trim

times = st.lists(
    st.integers(1, 1 << 60), min_size=1, max_size=40, unique=True
).map(sorted)  # fmt: skip


@given(times, st.data())
def test_what_was_marked_is_what_counts(time_ns: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(time_ns) - 1))
    end = data.draw(st.integers(start + 1, len(time_ns)))
    trim = trim_to(np.array(time_ns), TickSpan(start=start, end=end))
    inside = [trim is None or trim.start_ns <= time < trim.end_ns for time in time_ns]
    assert inside == [start <= number < end for number in range(len(time_ns))]
    assert counted_ticks(np.array(time_ns), trim) == TickSpan(start=start, end=end)


def test_all_of_it_is_no_trim() -> None:
    assert trim_to(np.array([5, 9]), TickSpan(start=0, end=2)) is None


def test_a_trim_between_ticks_counts_none() -> None:
    span = counted_ticks(np.array([10, 20, 30]), Trim(12, 15))
    assert span.start == span.end


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (0, 4), (3, 3), (7, 9)])
def test_what_is_no_part_of_the_take_is_refused_in_words(start: int, end: int) -> None:
    with pytest.raises(NothingMarked, match="of 3 ticks"):
        trim_to(np.array([10, 20, 30]), TickSpan(start=start, end=end))
