"""Every benchmark has the same options, tells one line, and fails where its bar does not hold."""

import ast
import importlib
import json
from pathlib import Path

import frame
import pytest
from frame import Bar, Figures, Options

BENCHMARKS = sorted(set(Path(frame.__file__).parent.glob("*.py")) - {Path(frame.__file__)})


def measure(asked: Options) -> Figures:
    return {"seed": asked.seed, "speed": 2.0}


def bars(figures: Figures, asked: Options) -> list[Bar]:
    return [Bar("speed", figures["speed"], least=1.0 if asked.quick else 3.0)]


def test_json_is_one_line_of_figures(capsys: pytest.CaptureFixture[str]) -> None:
    status = frame.run(measure, bars, Options, ["--quick", "--seed", "7", "--json"])
    assert status == 0
    assert json.loads(capsys.readouterr().out) == {"seed": 7, "speed": 2.0}


def test_a_bar_that_does_not_hold_is_the_exit_status_and_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(frame, "RESULTS", tmp_path)
    assert frame.run(measure, bars, Options, ["--seed", "3"]) == 1
    assert "speed: 2 (at least 3): DOES NOT HOLD" in capsys.readouterr().err
    written = json.loads((tmp_path / "test_frame.json").read_text())
    assert written["command"] == "python benchmarks/test_frame.py --seed 3"
    assert written["speed"] == 2.0


def test_a_quick_run_leaves_no_result(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(frame, "RESULTS", tmp_path)
    frame.run(measure, bars, Options, ["--quick"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_every_benchmark_runs_in_the_frame(path: Path) -> None:
    [call] = _runs(ast.parse(path.read_text("utf-8")))
    options = call.args[2]
    assert isinstance(options, ast.Name)
    assert issubclass(getattr(importlib.import_module(path.stem), options.id), Options)


def _runs(tree: ast.AST) -> list[ast.Call]:
    """The calls of the frame's `run`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [it for it in calls if isinstance(it.func, ast.Name) and it.func.id == "run"]
