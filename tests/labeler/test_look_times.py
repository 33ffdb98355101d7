"""What a look costs is what was measured on this machine."""

import time

from teachloop.labeler.look_times import LookTimes


def look(seconds: float, done: bool = True) -> bool:
    time.sleep(seconds)
    return done


def test_the_shortest_look_that_went_to_its_end_counts() -> None:
    times = LookTimes()
    assert times.in_words("sam2") == ""
    assert not times.measured("sam2", lambda: look(0, done=False))
    assert times.in_words("sam2") == "", "it was given up"
    assert times.measured("sam2", lambda: look(0.9))
    assert times.measured("sam2", lambda: look(0.3))
    assert times.measured("sam2", lambda: look(0.9))
    seconds = float(times.in_words("sam2").split()[0])
    assert 0.3 <= seconds < 0.9
    assert times.in_words("segment-anything") == ""
