"""Takes exported from the command line, in each format."""

from pathlib import Path

import pytest
from mcap_files import McapFile
from numbered_takes import NumberedTake, numbered_take
from rlds_files import RldsFiles
from robomimic_files import RobomimicFiles

from teachloop.app.cli.main import run
from teachloop.datasets.labels.edits import SetSuccess


@pytest.fixture
def data(tmp_path: Path) -> Path:
    how = NumberedTake(ticks=12)
    numbered_take(tmp_path / "data", "one", how, SetSuccess(True))
    numbered_take(tmp_path / "data", "two", how, SetSuccess(False))
    return tmp_path / "data"


def export(data: Path, *options: str) -> int:
    return run(["export-takes", str(data.parent / "out"), "--data", str(data), *options])


def test_what_succeeded_is_written_for_robomimic(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--size", "33", "45", "--scale", "0.1", "0.5", "--no-next-pictures")
    assert export(data, "--format", "robomimic", *asked) == 0
    assert "1 episode of 12 frames" in capsys.readouterr().out
    files = RobomimicFiles(data.parent / "out")
    assert files.said(0)["take"] == "one"
    assert files.column(0, "obs/wrist_image").shape == (12, 33, 45, 3)
    assert files.about["action_scale"].tolist() == [0.1] * 3 + [0.5] * 3 + [1.0]


def test_what_succeeded_is_written_as_rlds(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(data, "--format", "rlds", "--name", "cubes", "--size", "33", "45") == 0
    assert "1 episode of 12 frames" in capsys.readouterr().out
    files = RldsFiles(data.parent / "out", "cubes")
    assert files.text("episode_metadata/file_path") == "takes/one"
    assert {image.shape for image in files.images("image")} == {(33, 45, 3)}


def test_what_succeeded_is_written_as_mcap(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(data, "--format", "mcap", "--cameras", "wrist", "--operators") == 0
    assert "1 episode of 12 frames" in capsys.readouterr().out
    assert {path.name for path in (data.parent / "out").iterdir()} == {"README.md", "one.mcap"}
    file = McapFile(data.parent / "out" / "one.mcap")
    assert len(file.of("/cameras/wrist/image")) == 12
    assert (file.about["success"], file.about["operator"]) == ("yes", "Ada")


def test_those_that_somebody_drove_are_chosen_by_name(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbered_take(
        data, "by-policy", NumberedTake(ticks=12, fields={"taught_by": "policy"}), SetSuccess(True)
    )
    assert export(data, "--format", "mcap", "--by", "policy") == 0
    assert {path.name for path in (data.parent / "out").iterdir()} == {
        "README.md",
        "by-policy.mcap",
    }
    assert export(data, "--format", "mcap", "--by", "guide") == 1
    assert "no labelled take" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "format_name"),
    [
        (("--actions", "deltas"), "robomimic"),
        (("--scale", "0.05", "0.5"), "lerobot"),
        (("--name", "cubes"), "robomimic"),
        (("--scale", "0.05", "0.5"), "rlds"),
        (("--rate-hz", "10"), "mcap"),
        (("--size", "96", "96"), "mcap"),
    ],
)
def test_an_option_of_the_other_format_is_refused(
    data: Path, asked: tuple[str, ...], format_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(data, "--format", format_name, *asked) == 1
    assert f"{asked[0]} is no option of --format {format_name}" in capsys.readouterr().err
    assert not (data.parent / "out").exists()


def test_sides_that_no_video_has_are_refused_for_lerobot_alone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(data, "--size", "85", "96") == 1
    assert "size[0] must be an even number" in capsys.readouterr().err
    assert export(data, "--size", "85", "96", "--format", "robomimic") == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--rate-hz", "0"), "--rate-hz must be a whole number of frames a second from 1 to 240"),
        (("--size", "4", "64"), "--size[0] must be a number of pixels from 8 to 4096"),
        (("--scale", "-1", "1"), "--scale[0] must be more than 0"),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_one_sentence(
    data: Path, asked: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(data, *asked) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"teachloop: {words}")
    assert "pydantic" not in said
    assert len(said.splitlines()) == 1
