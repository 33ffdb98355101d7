"""The applied targets come back from exported actions, which are within what robomimic takes."""

from pathlib import Path

import numpy as np
import pytest
from numbered_takes import NumberedTake, applied_gripper, applied_pose, numbered_take
from robomimic_files import RobomimicFiles

from teachloop.datasets.action_targets import integrate
from teachloop.datasets.formats.robomimic.export import export_takes
from teachloop.datasets.formats.robomimic.numbers import without_jumps
from teachloop.datasets.formats.robomimic.options import RobomimicOptions
from teachloop.geometry.poses import make_pose, pose_delta
from teachloop.geometry.rotations import from_rotation_vector

TICKS = 400  # 20 s
NEAR_M, NEAR_RAD = 1e-3, np.radians(0.1)
LONG = NumberedTake(ticks=TICKS, missed={50, 51, 200}, size=(72, 96), cameras=("front",))


def exported(data: Path, *hows: NumberedTake, **options: object) -> RobomimicFiles:
    takes = [numbered_take(data, f"take{number}", how) for number, how in enumerate(hows)]
    asked = RobomimicOptions.model_validate(options)
    export_takes(data, takes, asked, data / "out", lambda message, share: None)
    return RobomimicFiles(data / "out")


def applied(how: NumberedTake) -> tuple[np.ndarray, list[float]]:
    """Targets (T, 4, 4) and grippers at each tick; where the loop missed one, what was held."""
    ticks = [max(set(range(tick + 1)) - how.missed) for tick in range(how.ticks)]
    return np.array([applied_pose(how, tick) for tick in ticks]), [
        applied_gripper(tick) for tick in ticks
    ]


def turned(quaternion: np.ndarray) -> np.ndarray:
    """The matrix of x, y, z, w."""
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def start_of(files: RobomimicFiles) -> np.ndarray:
    """The measured pose of the first tick (4, 4), by what was exported."""
    quaternion = files.column(0, "obs/robot0_eef_quat")[0].astype(np.float64)
    return make_pose(turned(quaternion), files.column(0, "obs/robot0_eef_pos")[0])


def require_near(found: np.ndarray, expected: np.ndarray) -> None:
    delta = pose_delta(found, expected)
    assert np.linalg.norm(delta[:, :3], axis=1).max() < NEAR_M
    assert np.linalg.norm(delta[:, 3:], axis=1).max() < NEAR_RAD


def test_scaled_actions_give_back_the_applied_targets(tmp_path: Path) -> None:
    files = exported(tmp_path, LONG)
    targets, grippers = applied(LONG)
    plain = files.column(0, "actions").astype(np.float64) * files.about["action_scale"]
    require_near(integrate(start_of(files), plain[:, :6]), targets)
    assert plain[:, 6].tolist() == [-1.0 if gripper else 1.0 for gripper in grippers]


def test_unscaled_ones_are_in_metres_and_radians(tmp_path: Path) -> None:
    files = exported(tmp_path, LONG)
    targets, grippers = applied(LONG)
    column = {name: files.column(0, f"action_dict/{name}") for name in files.file[ACTION_DICT]}
    deltas = np.concatenate([column["rel_pos"], column["rel_rot_axis_angle"]], 1)
    require_near(integrate(start_of(files), deltas), targets)
    absolute = from_rotation_vector(column["abs_rot_axis_angle"])
    require_near(make_pose(absolute, column["abs_pos"]), targets)
    first, second = column["abs_rot_6d"][:, :3], column["abs_rot_6d"][:, 3:]
    rows = np.stack([first, second, np.cross(first, second)], 1)
    require_near(make_pose(rows, column["abs_pos"]), targets)
    relative = from_rotation_vector(column["rel_rot_axis_angle"])[:, :2].reshape(-1, 6)
    np.testing.assert_allclose(column["rel_rot_6d"], relative, atol=1e-6)
    assert column["gripper"].shape == (TICKS, 1)
    assert column["gripper"][:, 0].tolist() == [1.0 - 2.0 * gripper for gripper in grippers]


ACTION_DICT = "data/demo_0/action_dict"


SLOW = NumberedTake(ticks=30)
FAST = NumberedTake(ticks=30, missed=set(range(30)) - set(range(0, 30, 3)), seed=1)
"""Moves about three times as much, at every third tick."""


def test_all_takes_have_one_scale_and_no_action_lies_outside(tmp_path: Path) -> None:
    files = exported(tmp_path, SLOW, FAST)
    actions = [files.column(demo, "actions") for demo in (0, 1)]
    for part in (slice(0, 3), slice(3, 6)):
        assert np.abs(actions[0][:, part]).max() < np.abs(actions[1][:, part]).max() == 1.0
    scale = files.about["action_scale"]
    assert (scale[:3] == scale[0]).all()
    assert (scale[3:6] == scale[3]).all()
    for demo in (0, 1):
        moved = files.column(demo, "action_dict/rel_pos")
        np.testing.assert_allclose(actions[demo][:, :3] * scale[:3], moved, rtol=1e-6, atol=1e-9)


def test_a_scale_can_be_asked_for_and_what_moves_more_is_left_out(tmp_path: Path) -> None:
    metres, radians = exported(tmp_path, SLOW, FAST).about["action_scale"][[0, 3]]
    asked = RobomimicOptions(scale=(0.9 * metres, 2 * radians))
    takes, out = ["take0", "take1"], tmp_path / "again"
    done = export_takes(tmp_path, takes, asked, out, lambda message, share: None)
    assert list(done.left_out) == ["take1"]
    assert f"needs a scale of {metres:.4f} m" in done.left_out["take1"]
    scale = RobomimicFiles(out).about["action_scale"]
    assert scale.tolist() == [0.9 * metres] * 3 + [2 * radians] * 3 + [1.0]


def test_noise_of_an_arm_at_rest_is_no_large_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numbered_takes.SWING_RAD", np.full(7, 1e-7))
    files = exported(tmp_path, NumberedTake(ticks=10))
    assert np.abs(files.column(0, "actions")[:, :6]).max() < 1e-3


def test_without_a_gripper_an_action_is_a_motion(tmp_path: Path) -> None:
    files = exported(tmp_path, NumberedTake(ticks=8, gripper=None))
    assert files.column(0, "actions").shape == (8, 6)
    assert len(files.about["action_scale"]) == 6
    assert "gripper" not in files.file[ACTION_DICT]
    assert "robot0_gripper_width" not in files.file["data/demo_0/obs"]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_quaternions_of_a_tool_that_points_down_do_not_jump(sign: float) -> None:
    angles = np.linspace(-0.4, 0.4, 50)
    smooth = np.stack([np.cos(angles), np.sin(angles), np.zeros(50), 0.01 * angles], 1)
    jumping = sign * smooth * np.where(smooth[:, 3:] < 0, -1.0, 1.0)
    np.testing.assert_allclose(without_jumps(jumping), smooth)
