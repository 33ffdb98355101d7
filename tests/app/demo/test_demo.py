"""The whole loop, as small as it gets: one take, a training that only tries, one rollout."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.policy import GroundedPolicy

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    torch.manual_seed(0)
    base = tmp_path_factory.mktemp("base")
    save_base(GroundedPolicy(PolicyConfig()), base)
    program = Path(sys.executable).with_name("teachloop")
    options = f"--episodes 1 --rollouts 1 --seed 3 --preset tiny --json --base {base}"
    return [str(program), "demo", *options.split()]


@pytest.fixture(scope="module")
def demo(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The line of JSON at the end of a demo that was stopped once and went on."""
    out = tmp_path_factory.mktemp("demo") / "out"
    _stop_after_the_first_take(command, out)
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _stop_after_the_first_take(command: list[str], out: Path) -> None:
    process = subprocess.Popen([*command, "--out", str(out)], stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not _takes(out):
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 130, process.stderr and process.stderr.read()
    assert not _processes_of(out)


def _takes(out: Path) -> list[str]:
    plan = out / "demo.json"
    return list(json.loads(plan.read_text())["takes"].values()) if plan.exists() else []


def _processes_of(out: Path) -> list[str]:
    lines = (
        " ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])
    )
    return [line for line in lines if str(out) in line]


def test_a_demo_ends_with_its_figures_in_one_line(demo: dict[str, Any]) -> None:
    assert (demo["episodes"], demo["rollouts"]) == (1, 1)
    assert demo["mean_iou"] >= 0.85
    assert demo["success_before"] in (0.0, 1.0)
    assert demo["success_after"] in (0.0, 1.0)


def test_it_labels_the_target_in_both_cameras_on_every_frame(demo: dict[str, Any]) -> None:
    takes = Path(demo["take_dir"])  # those that were recorded again are in the bin
    (kept,) = _takes(takes.parent)
    folder = takes / kept
    masks = Labels.open(folder).snapshot.masks
    with Take.open(folder) as take:
        frames = {(camera, i) for camera, row in take.frames.items() for i in range(len(row))}
    assert {(camera, index) for camera, index, _ in masks} == frames
    assert demo["labeled_frames"] == len(frames)


def test_what_it_leaves_is_a_data_folder_in_order(demo: dict[str, Any]) -> None:
    data = Path(demo["take_dir"]).parent
    assert check(data) == []
    (adapter,) = list_adapters(data)
    assert str(adapter.path) == demo["adapter_dir"]
    assert adapter.card.evaluation is not None
    assert adapter.card.evaluation.success_after == demo["success_after"]


def test_no_process_is_left_behind(demo: dict[str, Any]) -> None:
    assert not _processes_of(Path(demo["take_dir"]).parent)


def test_another_demo_in_its_folder_is_refused(demo: dict[str, Any], command: list[str]) -> None:
    out = str(Path(demo["take_dir"]).parent)
    other = subprocess.run(
        [*command, "--seed", "4", "--out", out],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert other.returncode == 1
    assert other.stderr.count("\n") == 1
    assert "other settings" in other.stderr
