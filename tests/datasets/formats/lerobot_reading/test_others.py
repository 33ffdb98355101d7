"""LeRobotDatasets of others: what they tell is taken, what they do not is asked for or absent."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from numbered_pictures import number_shown
from other_lerobot import FPS, KEY, STEPS, TASK, write_v21

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.pictures import NoSuchSet
from teachloop.datasets.formats.take_import import ImportedTakes, import_takes
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import HOME_JOINTS_RAD

JOINTS = HOME_JOINTS_RAD + 0.02 * np.arange(STEPS)[:, None]
SHARE = np.linspace(1.0, 0.0, STEPS)
STATE = {"observation.state": np.concatenate([JOINTS, SHARE[:, None]], 1), "action": JOINTS}
TOLD = {"joints": "observation.state", "gripper": "observation.state:7", "gripper_tells": "open"}


def imported(data: Path, source: Path, **options: Any) -> ImportedTakes:
    return import_takes(data, source, ImportOptions(**options), lambda message, share: None)


def refused(data: Path, source: Path, **options: Any) -> str:
    (reason,) = imported(data, source, **options).left_out.values()
    return reason


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "drawer"


@pytest.mark.parametrize("stored", [False, True])
def test_joints_that_a_person_names_make_a_take_of_a_robot(
    data: Path, source: Path, stored: bool
) -> None:
    write_v21(source, STATE, stored=stored)
    (take_id,) = imported(data, source, **TOLD).takes
    kinematics = Kinematics()
    wanted = np.array([kinematics.forward(each) for each in JOINTS.astype(np.float32)])
    with Take.open(data / "takes" / take_id) as take:
        info, robot, actions = take.info, take.robot, take.actions
        assert (info.kind, info.instruction, info.rate_hz) == ("demonstration", TASK, FPS)
        assert np.allclose(robot.joint_positions_rad, JOINTS, atol=1e-6)
        assert np.allclose(robot.ee_pose, wanted, atol=1e-6)
        assert np.isnan(robot.joint_velocities_rad_s).all()
        assert robot.gripper_width_m is not None
        assert np.allclose(robot.gripper_width_m, 0.08 * SHARE, atol=1e-6)
        assert np.allclose(actions.applied_pose, wanted[1:], atol=1e-6)
        assert actions.applied_gripper is not None
        assert np.allclose(actions.applied_gripper, SHARE[1:], atol=1e-6)
        assert {*actions.decided_by.tolist()} == {Decider.OPERATOR}
        assert [number_shown(take.image("top", step)) for step in range(STEPS)] == [*range(STEPS)]
        assert not info.cameras["top"].calibrated
        assert info.source is not None
        assert "the next step reached" in " ".join(info.source.assumed)
    assert check(data) == []


def test_masks_of_others_are_none_of_ours_and_stop_nothing(data: Path, source: Path) -> None:
    write_v21(source, STATE)
    theirs = source / "masks" / "chunk-000" / "file-000.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"of another kind")
    done = imported(data, source, **TOLD)
    assert (len(done.takes), done.left_out) == (1, {})


def test_the_gripper_is_absent_where_nobody_says_which_number_it_is(
    data: Path, source: Path
) -> None:
    write_v21(source, STATE)
    (take_id,) = imported(data, source, joints="observation.state").takes
    with Take.open(data / "takes" / take_id) as take:
        assert take.info.gripper is None
        assert take.robot.gripper_width_m is None


@pytest.mark.parametrize(
    ("tells", "wanted"),
    [("metres", [0.08, 0.0]), ("open", [0.0064, 0.0]), ("closed", [0.0736, 0.08])],
)
def test_a_gripper_is_read_as_a_person_says(
    data: Path, source: Path, tells: str, wanted: list[float]
) -> None:
    state = {"observation.state": np.concatenate([JOINTS, 0.08 * SHARE[:, None]], 1)}
    write_v21(source, state)
    (take_id,) = imported(data, source, **{**TOLD, "gripper_tells": tells}).takes
    with Take.open(data / "takes" / take_id) as take:
        widths = take.robot.gripper_width_m
        assert widths is not None
        assert np.allclose(widths[[0, -1]], wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("robot", "options", "words"),
    [
        ("franka", {}, "nobody said it"),
        ("so100", TOLD, "which is no arm of Franka's"),
        ("unknown", TOLD, "which is no arm of Franka's"),
    ],
)
def test_what_is_not_known_to_be_a_franka_comes_as_pictures_alone(
    data: Path, source: Path, robot: str, options: dict[str, str], words: str
) -> None:
    write_v21(source, STATE, robot=robot)
    (take_id,) = imported(data, source, **options).takes
    with Take.open(data / "takes" / take_id) as take:
        assert take.info.kind == "pictures"
        assert (len(take.robot.time_ns), len(take.actions.time_ns)) == (0, 0)
        assert len(take.frames["top"]) == STEPS
        assert take.info.source is not None
        assert words in " ".join(take.info.source.assumed)
    assert check(data) == []


def test_an_arm_that_a_person_names_is_that_arm(data: Path, source: Path) -> None:
    write_v21(source, STATE, robot="unknown")
    (take_id,) = imported(data, source, arm="fr3", **TOLD).takes
    with Take.open(data / "takes" / take_id) as take:
        assert (take.info.kind, take.info.arm) == ("demonstration", "fr3")


def test_each_episode_has_its_own_pictures_and_is_imported_once(data: Path, source: Path) -> None:
    write_v21(source, STATE, episodes=2)
    done = imported(data, source, **TOLD)
    with Take.open(data / "takes" / done.takes[1]) as take:
        assert number_shown(take.image("top", 3)) == 23
    again = imported(data, source, **TOLD)
    assert (again.takes, [*again.there.values()]) == ([], done.takes)
    assert len(imported(data, source).takes) == 2  # as pictures alone, they are other takes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"joints": "observation.joints"}, "cannot be read|holds no numbers"),
        ({"joints": "observation.state:2"}, "has not 7 fitting numbers from 2"),
        ({"joints": "observation.state", "gripper": "action:7"}, "has not 1 fitting"),
        ({"joints": KEY}, "cannot be read|holds no numbers"),
    ],
)
def test_a_column_that_is_named_wrongly_is_refused(
    data: Path, source: Path, options: dict[str, str], words: str
) -> None:
    write_v21(source, STATE)
    assert re.search(words, refused(data, source, **options))


def test_numbers_that_are_none_are_refused(data: Path, source: Path) -> None:
    broken = {**STATE, "observation.state": np.full((STEPS, 8), np.nan)}
    write_v21(source, broken)
    assert "not of finite numbers" in refused(data, source, **TOLD)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be decoded"),
        (b"#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n", "cannot be decoded"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "cannot be decoded"),
    ],
)
def test_a_video_that_is_none_is_refused(
    data: Path, source: Path, content: bytes, words: str
) -> None:
    write_v21(source, STATE)
    (path,) = source.glob("videos/*/*/*.mp4")
    path.write_bytes(content)
    assert words in refused(data, source, **TOLD)


def test_a_video_that_ends_early_is_refused(data: Path, source: Path) -> None:
    write_v21(source, STATE)
    listed = source / "meta/episodes.jsonl"
    listed.write_text(listed.read_text().replace(f'"length": {STEPS}', f'"length": {STEPS + 1}'))
    (path,) = source.glob("data/*/*.parquet")
    table = parquet.read_table(path)
    parquet.write_table(pa.concat_tables([table, table.slice(STEPS - 1)]), path)
    assert f"no frame at step {STEPS}" in refused(data, source, **TOLD)


def test_pictures_of_another_size_than_told_are_refused(data: Path, source: Path) -> None:
    write_v21(source, STATE)
    info = json.loads((source / "meta/info.json").read_text())
    info["features"][KEY]["shape"] = [96, 128, 3]
    (source / "meta/info.json").write_text(json.dumps(info))
    assert "pixels, not" in refused(data, source, **TOLD)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"codebase_version": "v1.6"}, "codebase_version"),
        ({"fps": 0}, "fps"),
        ({"fps": None}, "fps"),
        ({"features": []}, "features"),
        ({"features": {"../../x": {"dtype": "video", "shape": [64, 64, 3]}}}, "is no name"),
        ({"features": {"/etc": {"dtype": "video", "shape": [64, 64, 3]}}}, "is no name"),
    ],
)
def test_a_data_set_that_says_nonsense_of_itself_is_refused(
    data: Path, source: Path, change: dict[str, Any], words: str
) -> None:
    write_v21(source, STATE)
    info = json.loads((source / "meta/info.json").read_text())
    (source / "meta/info.json").write_text(json.dumps({**info, **change}))
    with pytest.raises(NoSuchSet, match=words):
        imported(data, source)


def test_a_path_that_a_data_set_tells_is_not_followed(data: Path, source: Path) -> None:
    write_v21(source, STATE)
    info = json.loads((source / "meta/info.json").read_text())
    info |= {"data_path": "/etc/passwd", "video_path": "{0.__class__}"}
    (source / "meta/info.json").write_text(json.dumps(info))
    assert len(imported(data, source, **TOLD).takes) == 1
