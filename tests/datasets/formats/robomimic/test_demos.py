"""Which pictures and which numbers stand at each tick of a demo, and what is said of it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numbered_takes import INSTRUCTION, START_NS, NumberedTake, joints_at, numbered_take
from robomimic_files import RobomimicFiles

from teachloop.datasets.formats.robomimic.export import export_takes
from teachloop.datasets.formats.robomimic.options import RobomimicOptions
from teachloop.datasets.labels.edits import SetParaphrases, SetSegments, SetSuccess, SetTrim
from teachloop.datasets.labels.label_values import Segment, Trim
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.rotations import to_quaternion

Export = Callable[..., RobomimicFiles]
TICK_NS = 50_000_000


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def run(*takes: str, **options: object) -> RobomimicFiles:
        asked = RobomimicOptions.model_validate(options)
        export_takes(tmp_path, takes, asked, tmp_path / "out", lambda message, share: None)
        return RobomimicFiles(tmp_path / "out")

    return run


@pytest.mark.parametrize("compressed", [False, True])
def test_every_picture_comes_back_and_the_next_one_beside_it(
    tmp_path: Path, export: Export, compressed: bool
) -> None:
    takes = [
        numbered_take(tmp_path, name, NumberedTake(ticks=ticks, seed=ticks))
        for name, ticks in (("one", 31), ("two", 1))
    ]
    files = export(*takes, compressed=compressed)
    assert files.demos == ["demo_0", "demo_1"]
    assert files.about["total"] == 32
    for camera in ("front", "wrist"):
        assert files.shown(0, camera) == list(range(31))
        assert files.shown(0, camera, "next_obs") == [*range(1, 31), 30]
        assert files.shown(1, camera) == files.shown(1, camera, "next_obs") == [0]
    assert [files.said(demo)["num_samples"] for demo in (0, 1)] == [31, 1]


def test_pictures_are_colours_of_eight_bits_row_by_row(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=9, size=(240, 320))
    files = export(numbered_take(tmp_path, "one", how), size=(83, 101), cameras=("wrist",))
    pictures = files.column(0, "obs/wrist_image")
    assert (pictures.shape, pictures.dtype) == ((9, 83, 101, 3), np.uint8)
    assert "front_image" not in files.file["data/demo_0/obs"]
    assert files.shown(0, "wrist") == list(range(9))
    assert pictures[..., 1].mean() > pictures[..., 0].mean()  # the wrist's pictures are greenish


def test_the_next_pictures_can_be_left_out(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=5)), next_pictures=False)
    assert set(files.file["data/demo_0/next_obs"]) == {
        *("robot0_joint_pos", "robot0_eef_pos", "robot0_eef_quat", "robot0_gripper_width")
    }


def test_the_numbers_are_what_was_measured(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=12)
    files = export(numbered_take(tmp_path, "one", how))
    joints = np.array([joints_at(how, tick) for tick in range(12)])
    poses = np.array([Kinematics().forward(each) for each in joints])
    quaternions = files.column(0, "obs/robot0_eef_quat")
    expected = {
        "obs/robot0_joint_pos": joints,
        "obs/robot0_eef_pos": poses[:, :3, 3],
        "obs/robot0_gripper_width": np.full((12, 1), 0.04),
        "states": np.concatenate([joints, np.full((12, 1), 0.04)], 1),
        "next_obs/robot0_joint_pos": joints[[*range(1, 12), 11]],
        "next_obs/robot0_eef_quat": quaternions[[*range(1, 12), 11]],
    }
    for name, rows in expected.items():
        np.testing.assert_allclose(files.column(0, name), rows, atol=1e-6)
    same = np.abs((quaternions * to_quaternion(poses[:, :3, :3])).sum(1))
    np.testing.assert_allclose(same, 1.0, atol=1e-6)


def test_a_dropped_picture_is_the_one_before_and_says_so(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=20, dropped={"front": {7, 8}, "wrist": {3}})
    files = export(numbered_take(tmp_path, "one", how))
    assert files.shown(0, "front") == [0, 1, 2, 3, 4, 5, 6, 6, 6, *range(9, 20)]
    assert json.loads(files.about["cameras"]) == ["front", "wrist"]
    assert np.argwhere(files.column(0, "stale")).tolist() == [[3, 1], [7, 0], [8, 0]]


def test_who_decided_is_kept(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=15)))
    names = json.loads(files.about["decided_by"])
    decided = [names[str(number)] for number in files.column(0, "decided_by")]
    assert decided == ["policy"] * 10 + ["operator"] * 5


def test_a_success_is_rewarded_at_its_end(tmp_path: Path, export: Export) -> None:
    for name, edits in (("one", [SetSuccess(True)]), ("two", [SetSuccess(False)]), ("three", [])):
        numbered_take(tmp_path, name, NumberedTake(ticks=6), *edits)
    files = export("one", "two", "three")
    rewards = [files.column(demo, "rewards").tolist() for demo in range(3)]
    assert rewards == [[0, 0, 0, 0, 0, 1], [0] * 6, [0] * 6]
    assert files.column(1, "dones").tolist() == [0, 0, 0, 0, 0, 1]
    assert [files.said(demo).get("success") for demo in range(3)] == [True, False, None]
    masks = {name: files.mask(name) for name in files.file["mask"]}
    assert masks == {
        "train": ["demo_0", "demo_1"],
        "valid": ["demo_2"],
        "success": ["demo_0"],
        "failed": ["demo_1"],
        "unjudged": ["demo_2"],
    }


def test_whole_takes_are_held_out(tmp_path: Path, export: Export) -> None:
    takes = [numbered_take(tmp_path, f"t{n}", NumberedTake(ticks=1)) for n in range(21)]
    files = export(*takes)
    assert files.mask("valid") == ["demo_9", "demo_19"]
    assert len(files.mask("train")) == 19
    assert files.demos[10] == "demo_10"


def test_what_is_said_of_a_take_is_kept(tmp_path: Path, export: Export) -> None:
    spans = (Segment(START_NS + 2 * TICK_NS, START_NS + 5 * TICK_NS, "greifen"),)
    edits = (SetSegments(spans), SetParaphrases(("nimm ihn",)))
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=7), *edits))
    assert (files.said(0)["take"], files.said(0)["instruction"]) == ("one", INSTRUCTION)
    assert files.listed(0, "paraphrases") == ["nimm ihn"]
    names = files.listed(0, "subtasks")
    subtasks = [names[number] for number in files.column(0, "subtask")]
    assert subtasks == ["", "", "greifen", "greifen", "greifen", "", ""]
    assert "operator" not in files.said(0)


def test_who_recorded_it_is_said_where_it_is_asked_for(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=3)), operators=True)
    assert files.said(0)["operator"] == "Ada"


def test_a_take_without_an_instruction_is_a_demo(tmp_path: Path, export: Export) -> None:
    silent = NumberedTake(ticks=3, fields={"instruction": ""})
    assert export(numbered_take(tmp_path, "one", silent)).said(0)["instruction"] == ""


def test_it_says_where_it_comes_from(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=10, rate_hz=12.5)
    files = export(numbered_take(tmp_path, "one", how))
    assert files.about["rate_hz"] == 12.5
    environment = json.loads(files.about["env_args"])
    assert environment["env_name"] == "teachloop_franka_panda"
    assert environment["env_kwargs"]["embodiment"]["gripper"]["opening_m"] == 0.08


def test_what_was_trimmed_is_not_there(tmp_path: Path, export: Export) -> None:
    trim = SetTrim(Trim(START_NS + 5 * TICK_NS, START_NS + 12 * TICK_NS))
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=20), trim), rate_hz=10)
    assert files.shown(0, "front") == [5, 7, 9, 11]
