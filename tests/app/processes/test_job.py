import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from teachloop.app.processes.job_launcher import LAUNCHER
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.job_lock import turn
from teachloop.jobs.launcher import end, resume, wait
from teachloop.jobs.process_record import process_of

CONFIG = JobConfig()


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path, "finetune", CONFIG)


def test_a_job_process_waits_for_its_turn_and_ends_on_terminate(job: JobFolder) -> None:
    with turn(submit(job.data, "finetune", CONFIG)):
        pid = LAUNCHER.start(job).pid
        until(lambda: waits(job))
        assert job.status.state == "queued"
        os.kill(pid, signal.SIGTERM)
        assert wait(job).state == "cancelled"


def test_a_killed_job_shows_as_crashed_and_can_be_resumed(job: JobFolder) -> None:
    with turn(submit(job.data, "finetune", CONFIG)):
        pid = LAUNCHER.start(job).pid
        until(lambda: waits(job))
        os.kill(pid, signal.SIGKILL)
        assert wait(job).state == "crashed"
        assert resume(job, LAUNCHER).pid != pid
        assert job.status.state == "queued"
        job.cancel()
        assert wait(job).state == "cancelled"


def test_a_job_process_is_niced_and_survives_its_starter(job: JobFolder) -> None:
    with turn(submit(job.data, "finetune", CONFIG)):
        pid = LAUNCHER.start(job).pid
        until(lambda: waits(job))
        assert os.getpriority(os.PRIO_PROCESS, pid) == 10
        assert os.getsid(pid) == pid
        job.cancel()
        wait(job)


def test_a_job_that_is_ended_leaves_no_process(job: JobFolder) -> None:
    with turn(submit(job.data, "finetune", CONFIG)):
        pid = LAUNCHER.start(job).pid
        until(lambda: waits(job))
        end(job)
        assert not job.alive
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        assert job.status.state == "cancelled"


def waits(job: JobFolder) -> bool:
    """Whether its process has come to wait for its turn: it holds the lock's file open."""
    record = process_of(job.path)
    assert record is not None
    return ".turn" in {Path(file.path).name for file in psutil.Process(record.pid).open_files()}


def until(condition: Any, limit_s: float = 30.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def test_the_job_entry_point_imports_neither_torch_nor_gradio() -> None:
    code = (
        "import sys, teachloop.app.processes.job;"
        "print({'torch', 'gradio', 'mujoco'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
