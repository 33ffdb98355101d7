"""What stands against an export is told of each take, and is what the export then does."""

import json
from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take
from pydantic import TypeAdapter

from teachloop.app.cli.main import run
from teachloop.datasets.formats.format_names import TakeFormat
from teachloop.datasets.formats.readiness import readiness
from teachloop.datasets.formats.take_export import OPTIONS, export_takes
from teachloop.datasets.labels.edits import SetDeleted, SetInstruction, SetSuccess, SetTrim
from teachloop.datasets.labels.label_values import Trim
from teachloop.runtime.validation import validated

FORMATS = ("lerobot", "robomimic", "rlds", "mcap")
NOTHING = Trim(1, 2)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A good take; of which nothing counts; without words; in the bin; that failed; the good one
    again; with another camera."""
    good = NumberedTake(ticks=60)
    numbered_take(tmp_path, "good", good, SetSuccess(True))
    numbered_take(tmp_path, "empty", NumberedTake(seed=1), SetSuccess(True), SetTrim(NOTHING))
    silent = NumberedTake(seed=2, fields={"instruction": ""})
    numbered_take(tmp_path, "silent", silent, SetSuccess(True), SetInstruction(""))
    numbered_take(tmp_path, "binned", NumberedTake(seed=3), SetSuccess(True), SetDeleted(True))
    numbered_take(tmp_path, "failed", NumberedTake(seed=4), SetSuccess(False))
    numbered_take(tmp_path, "good-again", good, SetSuccess(True))
    other = NumberedTake(seed=5, cameras=("front", "elbow"))
    numbered_take(tmp_path, "other", other, SetSuccess(True))
    return tmp_path


TAKES = ("good", "empty", "silent", "binned", "failed", "good-again", "other")
REFUSED = {
    "lerobot": {"empty", "silent", "binned", "other"},
    "rlds": {"empty", "silent", "binned", "other"},
    "robomimic": {"empty", "binned", "other"},
    "mcap": {"empty", "binned"},
}


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_refused_is_what_is_not_written(data: Path, form: TakeFormat) -> None:
    options = validated(TypeAdapter(OPTIONS[form]), {})
    found = {each.take: each for each in readiness(data, TAKES, options)}
    assert list(found) == list(TAKES)
    assert {take for take, each in found.items() if each.refused} == REFUSED[form]
    fit = [take for take in TAKES if take not in REFUSED[form]]
    done = export_takes(data, fit, options, data / "out", lambda message, share: None)
    assert done.left_out == {}
    assert done.episodes == len(fit)


def test_what_may_harm_is_said_of_what_can_be_written(data: Path) -> None:
    found = {each.take: each for each in readiness(data, TAKES, OPTIONS["mcap"]())}
    assert not [each for each in found["good"].odd if "copy" in each]
    assert "It failed." in found["failed"].odd
    assert any("exactly as in take good" in each for each in found["good-again"].odd)


def test_the_command_tells_it_in_json_and_by_its_exit_code(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export-takes", str(data / "out"), "--data", str(data), "--check"]
    asked = [*command, "--format", "mcap", "--takes"]
    assert run([*asked, "good", "failed", "--json"]) == 1
    good, failed = map(json.loads, capsys.readouterr().out.splitlines())
    assert (good["take"], good["refused"]) == ("good", "")
    assert "It failed." in failed["odd"]
    assert not (data / "out").exists()
    assert run([*asked, "empty"]) == 1
    assert "empty: In take empty nothing was recorded" in capsys.readouterr().out
