"""Chunks as rows of numbers, and arrays as bytes."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teachloop.datasets.steps import Action, Decider
from teachloop.geometry.panda import tool_down
from teachloop.training.serving.actions import at_rate, from_rows, to_rows
from teachloop.training.serving.arrays import NotUnderstood, pack, unpack


def down(*yaws: float) -> list[Action]:
    return [
        Action(ee_pose=tool_down(yaw, (0.5, 0.0, 0.1)), gripper=1.0, decided_by=Decider.POLICY)
        for yaw in yaws
    ]


@given(st.lists(st.floats(-3.1, 3.1), min_size=1, max_size=8))
@settings(deadline=None, max_examples=50)
def test_a_chunk_comes_back(yaws: list[float]) -> None:
    actions = down(*yaws)
    for one, other in zip(from_rows(to_rows(actions)), actions, strict=True):
        np.testing.assert_allclose(one.ee_pose, other.ee_pose, rtol=0, atol=1e-9)
        assert one.gripper == other.gripper


def test_neighbours_may_be_averaged_where_the_hand_points_down() -> None:
    tilted = [
        Action(ee_pose=_tilted(angle), gripper=1.0, decided_by=Decider.POLICY)
        for angle in np.linspace(-0.1, 0.1, 9)
    ]
    rows = to_rows(tilted)
    assert np.abs(np.diff(rows[:, 3:6], axis=0)).max() < 0.1
    for one, other in zip(from_rows(rows), tilted, strict=True):
        np.testing.assert_allclose(one.ee_pose, other.ee_pose, rtol=0, atol=1e-9)


def _tilted(angle: float) -> np.ndarray:
    pose = tool_down(0.0, (0.5, 0.0, 0.1))
    cosine, sine = np.cos(angle), np.sin(angle)
    pose[:3, :3] = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]]) @ pose[:3, :3]
    return pose


@pytest.mark.parametrize("wanted_hz", [5.0, 10.0, 25.0, 100.0])
def test_a_chunk_takes_its_time_at_any_rate(wanted_hz: float) -> None:
    """Half a second at 0.2 m/s and 1 rad/s, whose hand closes in the middle."""
    ends = np.arange(1, 11) / 20.0
    moving = [
        Action(ee_pose=_moved(end), gripper=float(end <= 0.25), decided_by=Decider.POLICY)
        for end in ends
    ]
    chunk = from_rows(at_rate(to_rows(moving), 20.0, wanted_hz, _moved(0.0)))
    wanted_ends = np.arange(1, int(0.5 * wanted_hz) + 1) / wanted_hz
    assert len(chunk) == len(wanted_ends)
    for action, end in zip(chunk, wanted_ends, strict=True):
        wanted = _moved(end)
        np.testing.assert_allclose(action.ee_pose[:3, 3], wanted[:3, 3], rtol=0, atol=1e-9)
        np.testing.assert_allclose(action.ee_pose[:3, :3], wanted[:3, :3], rtol=0, atol=1e-3)
        assert action.gripper == float(end <= 0.25)


def _moved(seconds: float) -> np.ndarray:
    return tool_down(seconds, (0.5, 0.2 * seconds, 0.1))


def test_an_empty_chunk_comes_back() -> None:
    assert from_rows(to_rows([])) == []


def test_arrays_scalars_and_plain_values_come_back() -> None:
    message = {
        "image": np.arange(24, dtype=np.uint8).reshape(2, 4, 3),
        "rows": np.linspace(0, 1, 6).reshape(2, 3)[:, ::-1],
        "empty": np.zeros((0, 7), np.float32),
        "nested": {"flag": True, "number": np.float32(0.5), "text": "把它推开", "none": None},
        "list": [1, 2.5, b"bytes"],
    }
    back = unpack(pack(message))
    for name in ("image", "rows", "empty"):
        given_array = back[name]
        assert isinstance(given_array, np.ndarray)
        np.testing.assert_array_equal(given_array, message[name])
        assert given_array.dtype == message[name].dtype
    assert back["nested"] == message["nested"]
    assert back["list"] == message["list"]


@pytest.mark.parametrize(
    "value", [np.array([object()]), np.zeros(2, complex), np.zeros(1, "f8,i4")]
)
def test_what_would_need_pickling_is_not_sent(value: np.ndarray) -> None:
    with pytest.raises(TypeError, match="no message holds"):
        pack({"value": value})


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_understood_or_refused_in_words(data: bytes) -> None:
    with contextlib.suppress(NotUnderstood):
        assert isinstance(unpack(data), dict)
