"""Success is sustained and cannot be had by a bump, a throw or a shove."""

import numpy as np
import pytest

from teachloop.geometry.panda import tool_down
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.simulation.language import DIRECTION_Y, NOVEL_VERBS
from teachloop.simulation.success import Situation, SuccessDetector
from teachloop.simulation.tasks import SceneSpec, sample_scene

TICK_S = 0.05
HELD = {("left_finger", 0), ("right_finger", 0)}


class Staged:
    """A scene whose objects are moved about by hand, judged tick by tick."""

    def __init__(self, verb: str, seed: int = 1) -> None:
        split = "novel" if verb in NOVEL_VERBS else "base"
        self.scene: SceneSpec = sample_scene(seed, verb=verb, split=split)
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


def behind(back_m: float, aside_m: float = 0.0, seed: int = 1) -> Staged:
    """The target so far behind the other thing, seen from the front camera."""
    stage = Staged("put_behind", seed)
    apart = stage.poses[stage.place][:2, 3] - stage.poses[stage.target][:2, 3]
    stage.put(stage.target, [apart[0] - back_m, apart[1] + aside_m, 0])
    return stage


def test_behind_counts_once_released_on_the_table_and_still() -> None:
    stage = behind(0.09)
    on_table = (stage.target, "table")
    assert not stage.wait(1.0, on_table, *fingers(stage.target))
    assert "not released" in stage.judge.failure_reason
    assert not stage.wait(1.0, on_table, speed=0.1)
    assert "still moves" in stage.judge.failure_reason
    assert stage.wait(0.5, on_table)


@pytest.mark.parametrize(
    ("back_m", "aside_m", "reason"),
    [(-0.09, 0, "is not behind"), (0.2, 0, "is not behind"), (0.09, 0.07, "is beside")],
)
def test_before_far_behind_and_beside_are_not_behind(back_m, aside_m, reason) -> None:
    stage = behind(back_m, aside_m)
    assert not stage.wait(1.0, (stage.target, "table"))
    assert reason in stage.judge.failure_reason


@pytest.mark.parametrize(
    ("seed", "target", "falls"), [(4, "red ball", False), (7, "red tower", True)]
)
def test_what_rolls_cannot_fall_over(seed: int, target: str, falls: bool) -> None:
    stage = behind(0.09, seed=seed)
    assert stage.target == target
    rolled = stage.poses[target].copy()
    rolled[:3, :3] = from_rotation_vector([np.pi / 2, 0, 0])
    stage.poses[target] = rolled
    assert stage.wait(1.0, (target, "table")) != falls
    assert ("fell over" in stage.judge.failure_reason) == falls


def test_behind_what_was_pushed_away_is_not_behind() -> None:
    stage = behind(0.05)
    stage.put(stage.place, [0.04, 0, 0])
    assert not stage.wait(1.0, (stage.target, "table"))
    assert f"the {stage.place} was pushed away" in stage.judge.failure_reason


def leaning(angle_rad: float) -> Staged:
    stage = Staged("turn_over")
    pose = stage.poses[stage.target].copy()
    pose[:3, :3] = from_rotation_vector([angle_rad, 0, 0])
    stage.poses[stage.target] = pose
    return stage


def test_what_lies_is_turned_over_and_what_leans_is_not() -> None:
    assert leaning(np.pi / 2).wait(0.5, *on_table(leaning(np.pi / 2)))
    stage = leaning(0.9)
    assert not stage.wait(1.0, *on_table(stage))
    assert "still stands" in stage.judge.failure_reason


def test_what_is_held_turned_over_is_not_yet() -> None:
    stage = leaning(np.pi / 2)
    assert not stage.wait(1.0, *on_table(stage), *fingers(stage.target))
    assert "not released" in stage.judge.failure_reason


def on_table(stage: Staged):
    return ((stage.target, "table"),)
