import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from teachloop.datasets.steps import Action, Decider
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import apply_delta, make_pose
from teachloop.geometry.rotations import from_rotation_vector, to_rotation_vector
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.recorder.devices.limits import Bounds, Limits, limit, tilt

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
