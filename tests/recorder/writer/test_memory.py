"""What is practised is remembered for half a minute: of that a take can still be made."""

from collections.abc import Iterator

import numpy as np
import pytest

from teachloop.datasets.steps import Action, Decider
from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.rings import Rings
from teachloop.recorder.devices.serialization import PackedAction
from teachloop.recorder.writer.memory import Memory
from teachloop.recorder.writer.messages import REMEMBERED_S, RecordStep
from teachloop.recorder.writer.rows import Row, step_row

S = 1_000_000_000
TICK_NS = S // 20
SHAPES = {"front": CameraShape(8, 6, 20.0)}
IMAGE = np.zeros((6, 8, 3), np.uint8)


def step(time_ns: int) -> Row:
    action = PackedAction.of(Action(ee_pose=np.eye(4), gripper=1.0, decided_by=Decider.HOLD))
    return step_row(RecordStep(time_ns=time_ns, requested=action, applied=action, clipped=[]))


@pytest.fixture
def rings() -> Rings:
    return Rings.create(SHAPES)


def practised(rings: Rings, seconds: float, *, since_ns: int = 0) -> Memory:
    """A tick, and then a picture, every 50 ms, from 1 s on."""
    memory = Memory(rings, SHAPES, S, since_ns)
    for number in range(round(seconds * 20)):
        time_ns = S + number * TICK_NS
        memory.add(step(time_ns))
        rings.cameras["front"].publish(number, time_ns + TICK_NS // 2, 0, IMAGE)
        memory.drain(time_ns + TICK_NS)
    return memory


def times(rows: Iterator[Row], device: str) -> list[int]:
    return [row.time_ns for row in rows if row.device == device]


def test_a_short_practice_is_remembered_from_its_beginning(rings: Rings) -> None:
    memory = practised(rings, 2.0)
    start_ns = memory.start_ns(3 * S)
    assert start_ns == S
    assert times(memory.rows(start_ns), "") == [S + number * TICK_NS for number in range(40)]
    assert len(times(memory.rows(start_ns), "front")) == 40


def test_of_a_long_one_the_last_half_minute(rings: Rings) -> None:
    memory = practised(rings, 45.0)
    stop_ns = 46 * S
    start_ns = memory.start_ns(stop_ns)
    assert (stop_ns - start_ns) / 1e9 == REMEMBERED_S
    steps = times(memory.rows(start_ns), "")
    assert (steps[0], steps[-1]) == (start_ns, stop_ns - TICK_NS)
    assert len(steps) == 20 * REMEMBERED_S


def test_the_first_tick_has_the_picture_that_came_before_it(rings: Rings) -> None:
    memory = practised(rings, 45.0)
    start_ns = memory.start_ns(46 * S)
    pictures = times(memory.rows(start_ns), "front")
    assert pictures[0] == start_ns - TICK_NS // 2
    assert pictures[1] == start_ns + TICK_NS // 2


def test_what_takes_too_much_room_is_forgotten_sooner(
    rings: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teachloop.recorder.writer.memory.MOST_BYTES", 10_000)
    memory = practised(rings, 25.0)
    start_ns = memory.start_ns(26 * S)
    assert S < start_ns < 26 * S
    rows = list(memory.rows(start_ns))
    assert sum(row.size for row in rows) <= 10_000
    steps = times(iter(rows), "")
    assert steps[0] - start_ns < TICK_NS, "whole from where it begins"
    assert np.all(np.diff(steps) == TICK_NS)


def test_nothing_of_the_scene_before_is_remembered(rings: Rings) -> None:
    for number in range(10):
        rings.cameras["front"].publish(number, S - (10 - number) * TICK_NS, 0, IMAGE)
    memory = practised(rings, 1.0, since_ns=S)
    assert min(times(memory.rows(memory.start_ns(2 * S)), "front")) > S


def test_what_waits_for_room_stays_as_it_is(rings: Rings) -> None:
    memory = practised(rings, 10.0)
    stop_ns = 11 * S
    memory.freeze(stop_ns)
    rows, size = list(memory.rows(memory.start_ns(stop_ns))), memory.size
    for number in range(200, 400):
        time_ns = S + number * TICK_NS
        memory.add(step(time_ns))
        rings.cameras["front"].publish(number, time_ns, 0, IMAGE)
        memory.drain(time_ns)
    assert list(memory.rows(memory.start_ns(stop_ns))) == rows
    assert memory.size == size
    assert memory.lost == {}, "what it has no use for is not lost"


def test_what_comes_up_to_the_moment_is_remembered_too(rings: Rings) -> None:
    memory = practised(rings, 1.0)
    for number, time_ns in ((20, 2 * S - 1), (21, 2 * S + 1)):
        rings.cameras["front"].publish(number, time_ns, 0, IMAGE)
    memory.freeze(2 * S)
    assert times(memory.rows(memory.start_ns(2 * S)), "front")[-1] == 2 * S - 1
