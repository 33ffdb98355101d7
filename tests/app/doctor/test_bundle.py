"""What a bug report needs is in one file, and no secret is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from drawn_takes import draw_take

from teachloop.app.doctor.bundle import write_bundle
from teachloop.app.doctor.finding import good
from teachloop.app.doctor.redaction import HIDDEN, redacted
from teachloop.datasets.labels.edits import SetInstruction
from teachloop.datasets.labels.labels import Labels
from teachloop.recorder.devices.settings import StationSettings

SETTINGS = StationSettings.model_validate(
    {
        "robot": {
            "driver": "panda",
            "settings": {"address": "10.0.0.2", "desk_password": "pa55word"},
        },
        "cameras": {"front": {"driver": "synthetic"}},
    }
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    draw_take(folder, "good")
    Labels.open(folder / "takes" / "good").add([SetInstruction("wipe Ada's desk")], "Ada")
    for path, text in {
        "station/log.txt": "it began\n" * 100_000
        + f"{Path.home()}/data: password=pa55word token: t0ken\n",
        "station/front.log": "the camera fell silent\n",
        "jobs/one/log.txt": "loss 0.5\n",
        "jobs/one/status.json": '{"state": "failed", "message": "no room left"}',
        "jobs/two/status.json": "{",
        "takes/good/notes.log": "of a take",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "station" / "outside.log").symlink_to("/etc/passwd")
    return folder


def test_it_holds_what_somebody_has_to_know(data: Path, tmp_path: Path) -> None:
    names = write_bundle(tmp_path / "report.zip", SETTINGS, data, [good("disk", "70 GB are free")])
    with ZipFile(tmp_path / "report.zip") as file:
        content = {name: file.read(name).decode() for name in file.namelist()}
    assert set(content) == set(names) == {
        "versions.json", "findings.json", "station.json", "takes.json", "jobs/one.json",
        "jobs/two.json", "logs/station/log.txt", "logs/station/front.log", "logs/jobs/one/log.txt",
    }  # fmt: skip
    assert json.loads(content["findings.json"])[0]["text"] == "70 GB are free"
    assert "h5py" in json.loads(content["versions.json"])
    assert json.loads(content["jobs/one.json"])["message"] == "no room left"
    assert "unreadable" in json.loads(content["jobs/two.json"])
    assert json.loads(content["takes.json"])[0]["take_id"] == "good"
    assert json.loads(content["station.json"])["robot"]["settings"]["address"] == "10.0.0.2"
    assert len(content["logs/station/log.txt"]) < 300_000
    told = "".join(content.values())
    for secret in ("pa55word", "t0ken", str(Path.home()), "wipe", "Ada"):
        assert secret not in told, secret


def test_what_is_in_the_environment_is_hidden_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEACHLOOP_DESK_PASSWORD", "hunter2hunter2")
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    assert redacted("Desk refused Ada:hunter2hunter2.") == f"Desk refused Ada:{HIDDEN}."
    assert redacted("it is false") == "it is false"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ('{"api_token": "abc"}', f'{{"api_token": "{HIDDEN}"}}'),
        ("Authorization: Bearer hf_abc", f"Authorization: {HIDDEN}"),
        ("cookie: a=1; session=xyz", f"cookie: {HIDDEN}"),
        ("api_key=abc, then", f"api_key={HIDDEN}, then"),
        ("from hf_abcdefgh1234", f"from {HIDDEN}"),
        ("at https://ada:pw@lab.example/x", f"at https://{HIDDEN}@lab.example/x"),
        ("the tokenizer has 10 words", "the tokenizer has 10 words"),
    ],
)
def test_what_is_called_a_secret_is_hidden(said: str, left: str) -> None:
    assert redacted(said) == left


def test_the_command_writes_it_where_there_is_nothing_yet(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "teachloop.app.cli", "report", str(tmp_path / "report.zip")]
    done = subprocess.run(
        [*command, "--data", str(tmp_path / "none"), "--source", "synthetic"],
        capture_output=True, text=True, check=True, env={**os.environ, "HF_TOKEN": "hf_abcdef"},
    )  # fmt: skip
    assert "4 files in" in done.stdout
    with ZipFile(tmp_path / "report.zip") as file:
        assert "versions.json" in file.namelist()
