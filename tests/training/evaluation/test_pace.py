import pytest

from teachloop.training.evaluation import pace
from teachloop.training.evaluation.pace import Pace


def test_loading_is_counted_once_for_each_policy_and_not_for_each_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    one = Pace(began=now[0])
    now[0] = 120.0
    one.tick()  # 20 s, nearly all of it loading
    assert one.left_s(9, 1) is None, "nobody knows yet"
    now[0] = 122.0
    one.tick()
    assert one.left_s(8, 1) == pytest.approx(8 * 2.0 + 20.0)
    assert one.left_s(8, 0) == pytest.approx(16.0)
    assert one.left_s(0, 0) == 0.0
