"""Our folder `datasets/` beside a program must not be taken for Hugging Face's package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def in_the_root(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run with the root of the repository first on the path, as `python -c` does."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**env, **environment},
        capture_output=True,
        text=True,
    )


def test_transformers_and_peft_import_beside_our_folder() -> None:
    shown = in_the_root("import teachloop, transformers, peft")
    assert shown.returncode == 0, shown.stderr


@pytest.fixture
def hugging_face_datasets(tmp_path: Path) -> Path:
    """A stand-in distribution of that name: what counts is which one an import finds."""
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "__init__.py").write_text("__version__ = '9.9.9'\n")
    info = tmp_path / "datasets-9.9.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: datasets\nVersion: 9.9.9\n")
    return tmp_path


def test_the_installed_datasets_wins_over_our_folder(hugging_face_datasets: Path) -> None:
    shown = in_the_root(
        "import teachloop, datasets, transformers, peft, teachloop.datasets.steps;"
        "print(datasets.__version__, teachloop.datasets.steps.Decider.POLICY.value)",
        PYTHONPATH=str(hugging_face_datasets),
    )
    assert shown.stdout.strip() == "9.9.9 3", shown.stderr


def test_training_imports_from_the_root() -> None:
    shown = in_the_root(
        "import teachloop.training.grounded.finetune, teachloop.training.grounded.agent"
    )
    assert shown.returncode == 0, shown.stderr
