"""The short form of benchmarks/kill_recorder.py."""

import kill_recorder
import pytest


@pytest.mark.real_time
def test_a_killed_station_loses_nothing_older_than_150_ms() -> None:
    kills = kill_recorder.kill(4, seed=5)  # the third kills recover, the fourth the loop alone
    assert [each for each in kills if kill_recorder.failed(each)] == []
    assert all(each["rows"]["preview/front"] for each in kills)
