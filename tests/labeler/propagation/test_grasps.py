import numpy as np

from teachloop.labeler.propagation.grasps import Fingers, find_grasps

TICK_NS = 50_000_000


def grasps(widths, commands):
    times = np.arange(len(widths)) * TICK_NS
    return find_grasps(times, Fingers(np.array(widths), np.array(commands)))


def closing(to, length):
    return list(np.linspace(0.08, to, 5)) + [to] * length


def test_fingers_that_stop_on_something_hold_it_until_they_open():
    widths = [0.08] * 5 + closing(0.045, 10) + [0.08] * 5
    (grasp,) = grasps(widths, [1.0] * 5 + [0.0] * 15 + [1.0] * 5)
    assert 8 * TICK_NS <= grasp.start_ns <= 10 * TICK_NS
    assert grasp.end_ns == 20 * TICK_NS
    assert abs(grasp.width_m - 0.045) < 1e-6


def test_fingers_that_close_on_nothing_hold_nothing():
    assert grasps([0.08] * 5 + closing(0.0005, 10), [1.0] * 5 + [0.0] * 15) == []


def test_a_hand_that_is_told_to_stay_a_little_open_holds_nothing():
    assert grasps([0.08] * 5 + closing(0.0066, 10), [1.0] * 5 + [0.08] * 15) == []


def test_an_object_that_slips_away_is_no_longer_held():
    widths = [0.08] * 5 + closing(0.045, 6) + [0.001] * 6
    (grasp,) = grasps(widths, [1.0] * 5 + [0.0] * 17)
    assert grasp.end_ns == 16 * TICK_NS


def test_a_grasp_that_outlasts_the_take_ends_with_it():
    (grasp,) = grasps([0.08] * 5 + closing(0.045, 10), [1.0] * 5 + [0.0] * 15)
    assert grasp.holds(19 * TICK_NS)
