from teachloop.recorder.writer.gaps import Gaps

SECOND = 10**9


def test_the_longest_silence_of_each_device_counts_from_the_start_to_the_end() -> None:
    gaps = Gaps(("robot", "front", "wrist", "side"), 10 * SECOND)
    for moment in range(100, 200):
        gaps.hear("robot", moment * SECOND // 10)
    for moment in (9, 10, 13, 14, 20):  # one was taken before the first tick
        gaps.hear("front", moment * SECOND)
    gaps.hear("side", 10 * SECOND)
    assert gaps.until(20 * SECOND) == {"front": 6.0, "wrist": 10.0, "side": 10.0}


def test_a_second_is_no_silence_yet() -> None:
    gaps = Gaps(("front",), 10 * SECOND)
    gaps.hear("front", 11 * SECOND)
    assert gaps.until(12 * SECOND) == {}
