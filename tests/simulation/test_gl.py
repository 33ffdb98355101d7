"""The drawing backend: a user's choice wins, and children inherit the answer."""

import os
import subprocess
import sys

import pytest

PRINT = "import os; from teachloop.simulation import gl; print(os.environ['MUJOCO_GL'])"


def backend_in_a_new_process(**extra: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "MUJOCO_GL"} | extra
    done = subprocess.run(
        [sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("chosen", ["osmesa", "egl", "glfw"])
def test_a_chosen_backend_is_kept(chosen) -> None:
    assert backend_in_a_new_process(MUJOCO_GL=chosen) == chosen


def test_a_working_backend_is_found() -> None:
    assert backend_in_a_new_process() in ("egl", "osmesa")
