import pytest

from teachloop.recorder.station.unasked_motion import MOST_M_S, READINGS, UnaskedMotion

FAST = 2 * MOST_M_S


@pytest.mark.parametrize(
    ("ticks", "told"),
    [
        ([(FAST, True)] * READINGS, [FAST]),
        ([(FAST, True)] * (READINGS + 5), [FAST]),  # once
        ([(FAST, True)] * (READINGS - 1), []),
        ([(FAST, False)] * 10, []),  # somebody asked for it
        ([(MOST_M_S / 2, True)] * 10, []),
        ([(FAST, True), (0.0, True)] * 5, []),
    ],
)
def test_movement_at_rest_is_told_once(ticks: list[tuple[float, bool]], told: list[float]) -> None:
    found: list[float] = []
    watch = UnaskedMotion(found.append)
    for speed, resting in ticks:
        watch.watch(speed, resting)
    assert found == told
