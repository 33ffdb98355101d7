"""PyPI's torchvision beside a torch that it was not built for, played by a package that registers
something for the two operators which it does not bring."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TORCHVISION = """
import torch
from torchvision import operators

@torch.library.register_fake("torchvision::nms")
def nms(dets, scores, iou_threshold):
    return dets

@torch.library.register_fake("torchvision::qnms")
def qnms(dets, scores, iou_threshold):
    return dets
"""
ITS_OWN = """
import torch
kept = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    kept.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""
MISSING = "operator torchvision::nms does not exist"


def run(packages: Path, code: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(packages), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def install(folder: Path, operators: str = "") -> Path:
    (folder / "torchvision").mkdir()
    (folder / "torchvision" / "__init__.py").write_text(TORCHVISION)
    (folder / "torchvision" / "operators.py").write_text(operators)
    return folder


def test_it_is_imported_by_whomever_once_teachloop_is(tmp_path: Path) -> None:
    packages = install(tmp_path)
    assert MISSING in run(packages, "import torchvision").stderr
    done = run(packages, "import teachloop, torchvision; print(torchvision.nms.__module__)")
    assert (done.stdout, done.stderr) == ("torchvision\n", "")


def test_one_that_brings_its_operators_is_left_as_it_is(tmp_path: Path) -> None:
    done = run(install(tmp_path, ITS_OWN), "import teachloop, torchvision")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_else_is_wrong_with_it_is_said(tmp_path: Path) -> None:
    broken = install(tmp_path, "raise RuntimeError('something else')")
    assert "RuntimeError: something else" in run(broken, "import teachloop, torchvision").stderr


@pytest.mark.parametrize("installed", [True, False])
def test_nothing_is_loaded_where_nobody_asks_for_it(tmp_path: Path, installed: bool) -> None:
    packages = install(tmp_path) if installed else tmp_path
    code = "import sys, teachloop; print({'torch', 'torchvision'} & {*sys.modules})"
    assert run(packages, code).stdout == "set()\n"
