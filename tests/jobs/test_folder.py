import contextlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobCancelled, JobFolder, NoSuchJob, list_jobs, submit
from teachloop.jobs.job_lock import turn
from teachloop.jobs.launcher import JobNotResumable, resume
from teachloop.jobs.process_record import ProcessRecord
from teachloop.jobs.status import State
from teachloop.runtime.json_file import write_json


class Wish(JobConfig):
    steps: int = 3
    instruction: str = ""


class NoProcess:
    """A launcher that leaves the job waiting."""

    def start(self, job: JobFolder) -> ProcessRecord:
        return ProcessRecord(pid=1, created=0.0)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path, "finetune", Wish(steps=3, instruction="schiebe den Würfel"))


@pytest.fixture
def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_submitted_job_is_queued_with_its_config(job: JobFolder, tmp_path: Path) -> None:
    assert job.status.state == "queued"
    assert job.spec.kind == "finetune"
    assert job.spec.config == {"steps": 3, "instruction": "schiebe den Würfel"}
    assert job.data == tmp_path


def test_the_newest_job_is_listed_first_also_where_the_clock_was_set_back(
    job: JobFolder, tmp_path: Path
) -> None:
    ahead = job.path.rename(job.path.with_name("20990101-000000-finetune-3fa1")).name
    given = [submit(tmp_path, "evaluate", JobConfig()).id for _ in range(3)]
    assert [each.id for each in list_jobs(tmp_path)] == [*reversed(given), ahead]


def test_updates_keep_the_other_fields(job: JobFolder) -> None:
    job.update(state="running", stage="head", progress=0.25)
    status = job.update(progress=0.5, eta_s=12.0)
    assert (status.stage, status.progress, status.eta_s) == ("head", 0.5, 12.0)


def test_a_reader_never_sees_half_a_status(job: JobFolder) -> None:
    job.update(state="running")
    job.claim(os.getpid())

    def write() -> None:
        for step in range(300):
            job.update(message="x" * (step * 50))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        assert job.status.state == "running"
    writer.join()


def test_a_dead_process_shows_as_crashed(job: JobFolder, dead_pid: int) -> None:
    job.update(state="running", eta_s=5.0)
    write_json(job.path / "process.json", {"pid": dead_pid, "created": 1.0})
    assert job.status.state == "crashed"
    assert "memory" in job.status.message, "and not what it said last"
    assert job.status.eta_s is None


def test_a_reused_pid_is_not_taken_for_the_job(job: JobFolder) -> None:
    job.update(state="running")
    mine = psutil.Process()
    write_json(job.path / "process.json", {"pid": mine.pid, "created": mine.create_time() - 60})
    assert not job.alive
    assert job.status.state == "crashed"


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="only Linux counts the boot's moment")
@pytest.mark.parametrize("days", [-3, 3])
def test_a_job_lives_on_when_the_wall_clock_is_set(
    job: JobFolder, days: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job.claim(os.getpid())
    told = Path("/proc/stat").read_text()
    boot_s = re.search(r"^btime (\d+)$", told, re.M)
    assert boot_s
    proc = tmp_path / "proc"
    proc.mkdir()
    (proc / str(os.getpid())).symlink_to(f"/proc/{os.getpid()}")
    (proc / "stat").write_text(f"btime {int(boot_s[1]) + 86_400 * days}\n")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(proc))
    assert job.alive


def test_an_ended_job_with_a_dead_process_stays_done(job: JobFolder, dead_pid: int) -> None:
    job.update(state="done")
    write_json(job.path / "process.json", {"pid": dead_pid, "created": 1.0})
    assert job.status.state == "done"


def test_metrics_read_back_without_the_line_being_written(job: JobFolder) -> None:
    job.append_metrics(step=1, loss=0.5)
    job.append_metrics(step=2, loss=0.25)
    with (job.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 3, "lo')
    assert [line["loss"] for line in job.metrics()] == [0.5, 0.25]
    assert [line["step"] for line in job.metrics(after=1)] == [2]


def test_cancelling_a_job_nobody_works_on_ends_it(job: JobFolder) -> None:
    job.cancel()
    assert job.status.state == "cancelled"


def test_cancelling_a_running_job_asks_it_to_stop(job: JobFolder) -> None:
    job.claim(os.getpid())
    job.update(state="running")
    job.cancel()
    assert job.status.state == "running"
    with pytest.raises(JobCancelled):
        job.raise_if_cancelled()


def test_cancelling_an_ended_job_changes_nothing(job: JobFolder) -> None:
    job.update(state="done")
    job.cancel()
    assert job.status.state == "done"
    assert not job.cancelled


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_only_a_stopped_job_can_be_resumed(job: JobFolder, state: State) -> None:
    job.update(state=state)
    with pytest.raises(JobNotResumable, match=state):
        resume(job, NoProcess())


def test_a_cancelled_job_whose_process_is_not_gone_yet_is_resumed_once_it_is(
    job: JobFolder,
) -> None:
    leaving = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1.5)"])
    job.claim(leaving.pid)
    job.cancel()
    job.update(state="cancelled")
    assert resume(job, NoProcess()).pid == 1
    assert (job.status.state, job.cancelled) == ("queued", False)
    assert leaving.wait() == 0, "it had the time to put its things down"


def test_a_job_that_was_just_asked_to_stop_is_stopped_and_resumed(
    job: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teachloop.jobs.launcher.CANCEL_GRACE_S", 0.3)
    deaf = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    job.update(state="running")
    job.claim(deaf.pid)
    job.cancel()
    assert resume(job, NoProcess()).pid == 1
    assert job.status.state == "queued"
    assert deaf.wait() < 0, "it did not listen"


@pytest.mark.parametrize("round_", range(10))
def test_of_those_who_resume_a_job_at_once_one_does(job: JobFolder, round_: int) -> None:
    job.cancel()
    done: list[object] = []

    def again() -> None:
        with contextlib.suppress(JobNotResumable):
            done.append(resume(job, NoProcess()))

    threads = [threading.Thread(target=again) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), job.status.state, job.cancelled) == (1, "queued", False)


def test_jobs_are_listed_newest_first_and_half_made_ones_are_not(tmp_path: Path) -> None:
    first, second = submit(tmp_path, "finetune", Wish()), submit(tmp_path, "finetune", Wish())
    (tmp_path / "jobs" / ".half-made").mkdir()
    (tmp_path / "jobs" / "no-job").mkdir()
    assert [job.id for job in list_jobs(tmp_path)] == sorted([first.id, second.id], reverse=True)


def test_a_folder_without_job_json_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NoSuchJob, match=r"job\.json is missing"):
        _ = JobFolder(tmp_path).spec


def test_the_second_job_waits_for_its_turn_and_can_be_cancelled_there(tmp_path: Path) -> None:
    first, second = submit(tmp_path, "finetune", Wish()), submit(tmp_path, "evaluate", Wish())
    second.claim(os.getpid())
    told: list[str] = []
    with turn(first):
        threading.Timer(0.4, second.cancel).start()
        threading.Timer(0.2, lambda: told.append(second.status.message)).start()
        with pytest.raises(JobCancelled), turn(second, poll_s=0.02):
            pytest.fail("two jobs had the turn at once")
    assert told == ["waits until the job before it has ended"]


def test_a_job_with_a_damaged_status_can_say_that_it_failed(job: JobFolder) -> None:
    (job.path / "status.json").write_text("hello")
    job.update(state="failed", message="no room")
    assert (job.status.state, job.status.message) == ("failed", "no room")


def test_a_damaged_line_of_the_metrics_hides_no_other(job: JobFolder) -> None:
    job.append_metrics(loss=1.0)
    with (job.path / "metrics.jsonl").open("ab") as file:
        file.write(b"\xff\xfe\n[1]\n{\n")
    job.append_metrics(loss=0.5)
    assert [row["loss"] for row in job.metrics()] == [1.0, 0.5]
    assert [row["loss"] for row in job.metrics(after=1)] == [0.5]
    assert job.metrics(after=2) == [], "who has them all gets none again"


def test_a_loss_that_is_no_number_reads_as_none(job: JobFolder) -> None:
    job.append_metrics(loss=float("nan"))
    assert [row["loss"] for row in job.metrics()] == [None]


def test_a_job_with_a_damaged_status_can_be_cancelled_and_resumed(job: JobFolder) -> None:
    (job.path / "status.json").write_text("hello")
    assert resume(job, NoProcess()).pid == 1
    assert job.status.state == "queued"
    (job.path / "status.json").write_text("hello")
    job.cancel()
    assert job.status.state == "cancelled"
