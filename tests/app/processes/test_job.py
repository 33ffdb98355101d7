import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from teachloop.app.processes.job import run
from teachloop.jobs.folder import JobFolder, JobStatus, resume, start, submit, wait
from teachloop.jobs.job_lock import turn
from teachloop.runtime.errors import TeachloopError


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path, "count", {"to": 3})


def worked_on(job: JobFolder, work: Any) -> JobStatus:
    run(job, lambda: {"count": work})
    return job.status


def test_a_job_that_ends_is_done_with_its_result(job: JobFolder) -> None:
    status = worked_on(job, lambda job: {"counted": job.spec.config["to"]})
    assert (status.state, status.progress, status.result) == ("done", 1.0, {"counted": 3})
    assert status.started is not None


def test_a_job_that_raises_on_purpose_fails_with_those_words(job: JobFolder) -> None:
    def work(job: JobFolder) -> dict[str, Any]:
        raise TeachloopError("Take 7 has no labels. Label it first.")

    status = worked_on(job, work)
    assert (status.state, status.message) == ("failed", "Take 7 has no labels. Label it first.")


def test_an_unexpected_error_fails_in_one_line_and_is_traced_in_the_log(
    job: JobFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    def work(job: JobFolder) -> dict[str, Any]:
        raise ZeroDivisionError("division by zero\nsecond line")

    status = worked_on(job, work)
    assert status.state == "failed"
    assert status.message == "This was not expected: division by zero (more in the log)"
    assert "Traceback" in capfd.readouterr().err


def test_a_job_that_sees_the_cancel_file_is_cancelled(job: JobFolder) -> None:
    def work(job: JobFolder) -> dict[str, Any]:
        (job.path / "cancel").touch()
        job.raise_if_cancelled()
        return {}

    assert worked_on(job, work).state == "cancelled"


def test_an_unknown_kind_is_named_with_the_known_ones(job: JobFolder) -> None:
    run(job, lambda: {"finetune": lambda job: {}})
    assert job.status.message == "No job of kind 'count'. Known: finetune."


def test_a_job_process_beats_while_it_waits_and_ends_on_terminate(job: JobFolder) -> None:
    with turn(submit(job.data, "count", {})):
        pid = start(job)
        until(lambda: job.silent_s is not None)
        assert job.status.state == "queued"
        os.kill(pid, signal.SIGTERM)
        assert wait(job).state == "cancelled"


def test_a_killed_job_shows_as_crashed_and_can_be_resumed(job: JobFolder) -> None:
    with turn(submit(job.data, "count", {})):
        pid = start(job)
        until(lambda: job.silent_s is not None)
        os.kill(pid, signal.SIGKILL)
        assert wait(job).state == "crashed"
        assert resume(job) != pid
        assert job.status.state == "queued"
        job.cancel()
        assert wait(job).state == "cancelled"


def test_a_job_process_is_niced_and_survives_its_starter(job: JobFolder) -> None:
    with turn(submit(job.data, "count", {})):
        pid = start(job)
        until(lambda: job.silent_s is not None)
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, ours + 10)
        assert os.getsid(pid) == pid
        job.cancel()
        wait(job)


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
