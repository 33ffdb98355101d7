from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from teachloop.datasets.steps import Action, Decider
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import apply_delta, make_pose
from teachloop.geometry.rotations import from_rotation_vector, to_rotation_vector
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.recorder.devices.limits import Bounds, Limits, confined, limit, tilt

KINEMATICS = Kinematics()

LIMITS = Limits()
PERIOD_S = 0.05
HOME = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
NEAR = 1e-6


def reading(joints: NDArray[np.float64] = panda.HOME_JOINTS_RAD) -> RobotState:
    return RobotState(
        time_ns=1,
        device_time_ns=1,
        joint_positions_rad=joints,
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=KINEMATICS.forward(joints),
        gripper_width_m=0.04,
    )


def asked(pose: NDArray[np.float64], gripper: float = 1.0) -> Action:
    return Action(ee_pose=pose, gripper=gripper, decided_by=Decider.OPERATOR)


def bounds(reference: NDArray[np.float64] = HOME, state: RobotState | None = None) -> Bounds:
    state = state or reading()
    return Bounds(limits=LIMITS, period_s=PERIOD_S, reference=reference, state=state)


def vectors(size: float) -> st.SearchStrategy[NDArray[np.float64]]:
    number = st.floats(-size, size, allow_nan=False)
    return st.tuples(number, number, number).map(np.array)


poses = st.builds(
    lambda turn, place: make_pose(from_rotation_vector(turn), place), vectors(6.0), vectors(2.0)
)
tilts = st.builds(
    lambda turn, place: make_pose(from_rotation_vector(turn) @ HOME[:3, :3], place),
    vectors(0.5),
    st.tuples(st.floats(0.2, 0.8), st.floats(-0.5, 0.5), st.floats(0.0, 0.7)).map(np.array),
)


def outside_m(pose: NDArray[np.float64]) -> float:
    low, high = np.array(LIMITS.workspace_low_m), np.array(LIMITS.workspace_high_m)
    place = pose[:3, 3]
    return float(np.maximum(np.maximum(low - place, place - high), 0).max())


@given(poses, st.floats(allow_nan=True))
def test_nothing_leaves_the_box_the_cone_or_the_speeds(
    pose: NDArray[np.float64], gripper: float
) -> None:
    sent, _ = limit(asked(pose, gripper), bounds())
    rotation = sent.ee_pose[:3, :3]
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=NEAR)
    assert outside_m(sent.ee_pose) <= NEAR
    assert tilt(rotation) <= LIMITS.tilt_rad + 1e-4
    moved = np.linalg.norm(sent.ee_pose[:3, 3] - HOME[:3, 3])
    turned = np.linalg.norm(to_rotation_vector(rotation @ HOME[:3, :3].T))
    assert moved <= LIMITS.speed_m_s * PERIOD_S + NEAR
    assert turned <= LIMITS.rotation_speed_rad_s * PERIOD_S + NEAR
    assert sent.gripper is not None
    assert 0.0 <= sent.gripper <= 1.0


@given(tilts, poses)
def test_a_start_inside_stays_inside(
    reference: NDArray[np.float64], pose: NDArray[np.float64]
) -> None:
    assume(tilt(reference[:3, :3]) <= LIMITS.tilt_rad)
    sent, _ = limit(asked(pose), bounds(reference))
    assert outside_m(sent.ee_pose) <= NEAR
    assert tilt(sent.ee_pose[:3, :3]) <= LIMITS.tilt_rad + 1e-4


@given(poses, poses)
def test_from_outside_it_only_ever_goes_back_in(
    reference: NDArray[np.float64], pose: NDArray[np.float64]
) -> None:
    sent, _ = limit(asked(pose), bounds(reference))
    assert outside_m(sent.ee_pose) <= outside_m(reference) + NEAR


@given(vectors(0.01), vectors(0.05))
def test_what_is_allowed_passes_unchanged(
    shift: NDArray[np.float64], turn: NDArray[np.float64]
) -> None:
    wanted = apply_delta(HOME, np.concatenate([shift, turn]))
    sent, clipped = limit(asked(wanted, 0.5), bounds())
    assert clipped == ()
    assert np.allclose(sent.ee_pose, wanted, atol=NEAR)
    assert sent.gripper == 0.5


@pytest.mark.parametrize(
    ("name", "pose", "gripper"),
    [
        ("not a pose", np.full((4, 4), np.nan), 1.0),
        ("not a pose", np.zeros((4, 4)), 1.0),
        ("workspace", make_pose(HOME[:3, :3], [0.4, 0.0, -0.2]), 1.0),
        ("speed", make_pose(HOME[:3, :3], HOME[:3, 3] + [0.2, 0.0, 0.0]), 1.0),
        (
            "rotation speed",
            make_pose(from_rotation_vector(np.array([0, 0, 1.0])) @ HOME[:3, :3], HOME[:3, 3]),
            1.0,
        ),
        (
            "orientation",
            make_pose(from_rotation_vector(np.array([2.0, 0, 0])) @ HOME[:3, :3], HOME[:3, 3]),
            1.0,
        ),
        ("gripper", HOME, 1.5),
    ],
)
def test_what_was_clipped_is_named(name: str, pose: NDArray[np.float64], gripper: float) -> None:
    _, clipped = limit(asked(pose, gripper), bounds())
    assert name in clipped
    assert set(clipped) <= set(LIMITS.to_dict())


def test_a_request_that_is_no_pose_leaves_the_target_where_it_was() -> None:
    sent, _ = limit(asked(np.full((4, 4), np.nan)), bounds())
    assert np.allclose(sent.ee_pose, HOME)


STRAIGHT_UP = np.eye(3)


@given(vectors(3.0))
def test_too_tilted_is_tilted_back_to_the_cone_by_the_shortest_turn(
    turn: NDArray[np.float64],
) -> None:
    rotation = from_rotation_vector(turn)
    excess = tilt(rotation) - LIMITS.tilt_rad
    back = confined(make_pose(rotation, HOME[:3, 3]), LIMITS)[:3, :3]
    turned = float(np.linalg.norm(to_rotation_vector(back @ rotation.T)))
    assert turned == pytest.approx(max(0.0, excess), abs=1e-6)
    assert tilt(back) == pytest.approx(min(tilt(rotation), LIMITS.tilt_rad), abs=1e-6)


def test_a_tool_that_points_straight_up_comes_back_into_the_cone_as_well() -> None:
    back = confined(make_pose(STRAIGHT_UP, HOME[:3, 3]), LIMITS)[:3, :3]
    assert tilt(STRAIGHT_UP) == pytest.approx(np.pi)
    assert tilt(back) == pytest.approx(LIMITS.tilt_rad)


def test_a_hand_at_the_edge_of_the_cone_still_turns_about_the_vertical() -> None:
    for roll in np.linspace(0, 2 * np.pi, 17):
        axis = np.array([np.cos(roll), np.sin(roll), 0.0])
        edge = make_pose(
            from_rotation_vector(axis * LIMITS.tilt_rad) @ np.diag([1.0, -1.0, -1.0]), HOME[:3, 3]
        )
        about = make_pose(from_rotation_vector(np.array([0, 0, 1.0])) @ edge[:3, :3], edge[:3, 3])
        sent, clipped = limit(asked(about), bounds(edge))
        turned = np.linalg.norm(to_rotation_vector(sent.ee_pose[:3, :3] @ edge[:3, :3].T))
        assert "rotation speed" in clipped
        assert turned == pytest.approx(LIMITS.rotation_speed_rad_s * PERIOD_S, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("tilt_rad", 0.0, np.pi),
        ("joint_margin_rad", 0.0, 1.0),
        ("joint_share", 1e-6, 1.0),
        ("press_m", 1e-6, 0.1),
        ("speed_m_s", 1e-6, 10.0),
        ("rotation_speed_rad_s", 1e-6, 10.0),
    ],
)
def test_settings_hold_numbers_that_limit_something(name: str, least: float, most: float) -> None:
    read = TypeAdapter(Limits).validate_python
    for value in (least, most):
        assert getattr(read({name: value}), name) == value
    above = () if name.endswith("_s") else (most + 1e-6,)
    for value in (least - 2e-6, -0.5, float("nan"), float("inf"), *above):
        with pytest.raises(ValidationError):
            read({name: value})


def test_what_holds_where_nothing_is_said_is_what_the_page_of_stations_says() -> None:
    said = LIMITS.to_dict()
    assert said["workspace"] == {"low_m": [0.2, -0.5, 0.0], "high_m": [0.8, 0.5, 0.7]}
    assert said["orientation"] == {"tilt_rad": 1.0}
    assert said["speed"] == {"m_s": 0.6}
    assert said["rotation speed"] == {"rad_s": 2.5}
    assert said["joint margin"]["rad"] == 0.1
    assert said["joint speed"]["share"] == said["joint acceleration"]["share"] == 0.95
    assert said["hand acceleration"] == {"share": 0.95}
    assert said["contact"] == {"press_m": 0.008}


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_box_has_an_inside(axis: int) -> None:
    low = list(LIMITS.workspace_low_m)
    low[axis] = LIMITS.workspace_high_m[axis]
    with pytest.raises(ValueError, match=f"its {'xyz'[axis]} goes from"):
        Limits(workspace_low_m=(low[0], low[1], low[2]))


def test_a_gripper_that_is_no_number_stays_as_it_is_and_none_stays_none() -> None:
    state = reading()
    assert limit(asked(HOME, float("nan")), bounds(state=state))[0].gripper == state.gripper
    assert limit(replace(asked(HOME), gripper=None), bounds())[0].gripper is None
