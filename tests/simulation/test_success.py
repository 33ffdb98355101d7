"""Success is sustained and cannot be had by a bump, a throw or a shove."""

import numpy as np
import pytest

from teachloop.geometry.panda import tool_down
from teachloop.simulation.language import DIRECTION_Y
from teachloop.simulation.success import Situation, SuccessDetector
from teachloop.simulation.tasks import SceneSpec, sample_scene

TICK_S = 0.05
HELD = {("left_finger", 0), ("right_finger", 0)}


class Staged:
    """A scene whose objects are moved about by hand, judged tick by tick."""

    def __init__(self, verb: str) -> None:
        split = "novel" if verb == "push" else "base"
        self.scene: SceneSpec = sample_scene(1, verb=verb, split=split)
        self.target, self.place = self.scene.task.target, self.scene.task.destination or ""
        self.poses = {o.name: self._at_rest(o) for o in self.scene.objects}
        self.judge = SuccessDetector(self.scene, dict(self.poses), TICK_S)

    def put(self, name: str, offset) -> None:
        self.poses[name] = self.poses[name].copy()
        self.poses[name][:3, 3] += offset

    def wait(self, seconds: float, *touching, speed: float = 0.0) -> bool:
        speeds = dict.fromkeys(self.poses, speed)
        for _ in range(round(seconds / TICK_S)):
            self.judge.watch(Situation(dict(self.poses), speeds, frozenset(touching)))
        return self.judge.success

    @staticmethod
    def _at_rest(item):
        pose = np.eye(4)
        pose[:3, 3] = item.x_m, item.y_m, item.kind.height_m / 2
        return pose


def fingers(name: str):
    return ("left_finger", name), (name, "right_finger")


def test_a_pick_counts_after_half_a_second_in_both_fingers() -> None:
    stage = Staged("pick")
    stage.put(stage.target, [0, 0, 0.10])
    assert not stage.wait(0.45, *fingers(stage.target))
    assert stage.wait(0.05, *fingers(stage.target))
    assert stage.judge.failure_reason == ""


@pytest.mark.parametrize(
    ("height_m", "touching", "reason"),
    [
        (0.05, "both", "lifted 5 cm of 8"),
        (0.10, "one", "not held by both fingers"),
        (0.10, "none", "not held by both fingers"),
        (0.10, "neighbour", "rests on something"),
    ],
)
def test_a_pick_is_no_throw_no_bump_and_no_balancing(height_m, touching, reason) -> None:
    stage = Staged("pick")
    other = next(name for name in stage.poses if name != stage.target)
    both = fingers(stage.target)
    contacts = {"both": both, "one": both[:1], "none": ()}.get(
        touching, (*both, (stage.target, other))
    )
    stage.put(stage.target, [0, 0, height_m])
    assert not stage.wait(2.0, *contacts)
    assert reason in stage.judge.failure_reason


def test_success_falls_again_when_the_object_is_dropped() -> None:
    stage = Staged("pick")
    stage.put(stage.target, [0, 0, 0.10])
    assert stage.wait(1.0, *fingers(stage.target))
    assert not stage.wait(0.05)


def over(stage: Staged, height_m: float) -> None:
    offset = stage.poses[stage.place][:3, 3] - stage.poses[stage.target][:3, 3]
    stage.put(stage.target, offset + np.array([0, 0, height_m]))


@pytest.mark.parametrize("verb", ["put", "stack"])
def test_put_and_stack_count_once_released_and_still(verb) -> None:
    stage = Staged(verb)
    over(stage, 0.06)
    resting = (stage.target, stage.place)
    assert not stage.wait(1.0, resting, *fingers(stage.target))
    assert "not released" in stage.judge.failure_reason
    assert not stage.wait(1.0, resting, speed=0.1)
    assert "still moves" in stage.judge.failure_reason
    assert not stage.wait(1.0, resting, (stage.target, "table"))
    assert not stage.wait(1.0)
    assert stage.wait(0.5, resting)


def test_leaning_beside_is_not_stacked() -> None:
    stage = Staged("stack")
    over(stage, 0.0)
    assert not stage.wait(1.0, (stage.target, stage.place))
    assert "not on top" in stage.judge.failure_reason


def pushed(along_m: float, across_m: float = 0.0) -> Staged:
    stage = Staged("push")
    side = DIRECTION_Y[stage.scene.task.direction or "left"]
    stage.put(stage.target, [across_m, side * along_m, 0])
    return stage


def test_a_push_counts_when_it_went_far_and_straight() -> None:
    stage = pushed(0.10)
    assert stage.wait(0.5, (stage.target, "table"))


@pytest.mark.parametrize(
    ("along_m", "across_m", "reason"),
    [(0.06, 0, "6 cm of 8"), (-0.10, 0, "-10 cm of 8"), (0.10, 0.06, "drifted sideways")],
)
def test_a_short_wrong_or_crooked_push_fails(along_m, across_m, reason) -> None:
    stage = pushed(along_m, across_m)
    assert not stage.wait(1.0, (stage.target, "table"))
    assert reason in stage.judge.failure_reason


def test_carrying_is_no_push() -> None:
    stage = Staged("push")
    stage.put(stage.target, [0, 0, 0.05])
    stage.wait(0.1)
    stage.put(stage.target, [0, 0, -0.05])
    side = DIRECTION_Y[stage.scene.task.direction or "left"]
    stage.put(stage.target, [0, side * 0.12, 0])
    assert not stage.wait(1.0, (stage.target, "table"))
    assert "was lifted" in stage.judge.failure_reason


def test_a_push_must_leave_others_and_the_target_upright() -> None:
    stage = pushed(0.10)
    other = next(name for name in stage.poses if name != stage.target)
    stage.put(other, [0.04, 0, 0])
    assert not stage.wait(1.0, (stage.target, "table"))
    assert f"the {other} was pushed away" in stage.judge.failure_reason
    toppled = pushed(0.10)
    lying = tool_down(0.0, toppled.poses[toppled.target][:3, 3])
    lying[:3, :3] = lying[:3, :3] @ [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
    toppled.poses[toppled.target] = lying
    assert not toppled.wait(1.0, (toppled.target, "table"))
    assert "fell over" in toppled.judge.failure_reason
