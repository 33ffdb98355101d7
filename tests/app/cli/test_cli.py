import subprocess
import sys
import time
from pathlib import Path

import pytest

from teachloop.app.cli.commands import COMMANDS
from teachloop.app.cli.demo import Demo
from teachloop.app.cli.main import parse, run
from teachloop.app.cli.serve import Serve
from teachloop.app.cli.test import RunTests

ROOT = Path(__file__).parents[3]


def teachloop(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("teachloop")
    return subprocess.run([program, *arguments], capture_output=True, text=True, cwd=cwd)


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from teachloop.app.cli.main import parse\n"
        "try: parse(['--help'])\n"
        "except SystemExit: print({'torch', 'gradio', 'mujoco', 'h5py'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"• {name} " in shown.stdout for name in COMMANDS)
    assert shown.stdout.splitlines()[-1] == "set()"


@pytest.mark.real_time
def test_help_takes_less_than_a_second() -> None:
    def once() -> float:
        begin = time.monotonic()
        assert teachloop("--help").returncode == 0
        return time.monotonic() - begin

    assert min(once() for _ in range(5)) < 1.0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_each_of_its_options(name: str) -> None:
    shown = teachloop(name, "--help")
    assert shown.returncode == 0, shown.stderr
    assert (COMMANDS[name].__doc__ or "").split(";")[0].split()[0] in shown.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_guide_tells_of_every_command(name: str) -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert f"teachloop {name}" in guide


def test_no_argument_means_serve() -> None:
    assert isinstance(parse([]), Serve)
    assert parse(["--port", "8001"]) == Serve(port=8001)


def test_pytest_options_reach_pytest_untouched() -> None:
    assert parse(["test", "-k", "damaged", "--lf"]) == RunTests(("-k", "damaged", "--lf"))


def test_the_demo_takes_its_documented_options() -> None:
    line: str = "demo --episodes 3 --rollouts 5 --seed 7 --json --out there"
    wanted = Demo(episodes=3, rollouts=5, seed=7, json=True, out=Path("there"))
    assert parse([str(word) for word in line.split()]) == wanted


def test_a_wrong_command_exits_with_2_and_names_the_right_ones() -> None:
    shown = teachloop("demmo")
    assert shown.returncode == 2
    assert "demo" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_checking_nothing_is_a_fault_in_one_line(tmp_path: Path) -> None:
    shown = teachloop("check", str(tmp_path / "no such take"))
    assert shown.returncode == 1
    assert "no such take" in shown.stdout
    assert "Traceback" not in shown.stderr


def test_checking_a_file_that_is_no_take_names_the_fault(tmp_path: Path) -> None:
    (tmp_path / "take.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\x00" * 3000)
    shown = teachloop("check", str(tmp_path))
    assert shown.returncode == 1
    assert "1 fault" in shown.stdout


def test_an_error_on_purpose_is_one_line(tmp_path: Path) -> None:
    shown = teachloop("finetune", "--data", str(tmp_path))
    assert shown.returncode == 1
    assert shown.stderr.count("\n") == 1
    assert "no labelled take" in shown.stderr


def test_an_unexpected_error_is_one_line_and_its_trace_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def break_down(self: object) -> int:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("teachloop.app.cli.version.Version.run", break_down)
    assert run(["version"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("teachloop: this was not expected: division by zero (details in ")
    assert "ZeroDivisionError" in next(tmp_path.glob("teachloop-*.txt")).read_text()


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("teachloop.app.cli.version.Version.run", interrupt)
    assert run(["version"]) == 130


def test_an_empty_data_folder_needs_no_recovery(tmp_path: Path) -> None:
    shown = teachloop("recover", "--data", str(tmp_path))
    assert (shown.returncode, shown.stdout) == (0, "Nothing to recover.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "--rollouts", "0"),
        ("evaluate", "--seed", "-1"),
        ("finetune", "--rollouts", "-5"),
        ("demo", "--rollouts", "0"),
        ("demo", "--episodes", "-3"),
    ],
)
def test_a_count_that_no_run_has_is_a_wrong_argument(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(list(arguments)) == 2
    assert "or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "--port", "99999"), "0 to 65535"),
        (("serve", "--certificate", "nowhere.pem"), "no certificate at nowhere.pem"),
        (("serve", "--certificate", "a-file"), "a-file cannot be used"),
        (("serve", "--certificate-key", "a-file"), "a key without a --certificate"),
        (("serve", "--data", "a-file"), "a-file"),
        (("demo", "--out", "a-file"), "a-file"),
        (("demo", "--base", "nowhere"), "No base 'nowhere'"),
        (("recover", "--data", "nowhere"), "no such data folder"),
    ],
)
def test_a_wrong_path_or_port_is_told_in_words_before_anything_starts(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").write_text("")
    assert run(list(arguments)) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "not expected" not in told
    assert not {"demos", "station", "takes"} & {path.name for path in tmp_path.glob("data/*")}
