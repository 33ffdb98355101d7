"""Whatever the work of a job meets is in the job's status."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import JobKind, JobKinds, always
from teachloop.jobs.status import JobStatus
from teachloop.jobs.worker import run
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.json_file import StoredModel


class CountConfig(JobConfig):
    to: int


class Counted(StoredModel):
    counted: int
    skipped: int = 0


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path, "count", CountConfig(to=3))


def worked_on(job: JobFolder, work: Callable[[JobFolder, CountConfig], Counted]) -> JobStatus:
    run(job, JobKinds(JobKind(name="count", title="", config=always(CountConfig), work=work)))
    return job.status


def test_a_job_that_ends_is_done_with_its_result(job: JobFolder) -> None:
    status = worked_on(job, lambda job, config: Counted(counted=config.to))
    assert (status.state, status.progress, status.result) == ("done", 1.0, {"counted": 3})
    assert status.started is not None


def test_a_job_that_raises_on_purpose_fails_with_those_words(job: JobFolder) -> None:
    def work(job: JobFolder, config: CountConfig) -> Counted:
        raise TeachloopError("Take 7 has no labels. Label it first.")

    status = worked_on(job, work)
    assert (status.state, status.message) == ("failed", "Take 7 has no labels. Label it first.")


def test_an_unexpected_error_fails_in_one_line_and_is_traced_in_the_log(
    job: JobFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    def work(job: JobFolder, config: CountConfig) -> Counted:
        raise ZeroDivisionError("division by zero\nsecond line")

    status = worked_on(job, work)
    assert status.state == "failed"
    assert status.message == "This was not expected: division by zero (more in the log)"
    assert "Traceback" in capfd.readouterr().err


def test_a_job_that_sees_the_cancel_file_is_cancelled(job: JobFolder) -> None:
    def work(job: JobFolder, config: CountConfig) -> Counted:
        (job.path / "cancel").touch()
        job.raise_if_cancelled()
        return Counted(counted=0)

    assert worked_on(job, work).state == "cancelled"


def test_a_job_of_an_unknown_kind_fails_with_the_known_ones(job: JobFolder) -> None:
    assert not run(job, JobKinds())
    assert (job.status.state, job.status.message) == ("failed", "No job of kind 'count'. Known: .")


def test_a_job_that_fills_the_disk_fails_with_that_reason_and_can_be_resumed(
    small_disk: Any,
) -> None:
    job = submit(small_disk.path, "count", CountConfig(to=3))

    def work(job: JobFolder, config: CountConfig) -> Counted:
        small_disk.fill()
        (job.path / "checkpoint").write_bytes(bytes(100_000))
        return Counted(counted=0)

    status = worked_on(job, work)
    assert status.state == "failed"
    assert status.message.startswith("The disk is full. Make room and resume")
    small_disk.make_room()
    assert worked_on(job, lambda job, config: Counted(counted=3)).state == "done"


@pytest.mark.parametrize("words", ["No space left on device (os error 28)", "disk quota exceeded"])
def test_a_library_that_meets_the_end_of_the_disk_is_understood(job: JobFolder, words: str) -> None:
    def work(job: JobFolder, config: CountConfig) -> Counted:
        raise RuntimeError(f"Error while serializing: {words}")

    assert worked_on(job, work).message.startswith("The disk is full.")


def test_a_job_that_ended_keeps_no_room_for_itself(job: JobFolder) -> None:
    kept: list[int] = []

    def work(job: JobFolder, config: CountConfig) -> Counted:
        kept.append((job.path / ".spare").stat().st_size)
        return Counted(counted=0)

    worked_on(job, work)
    assert kept == [64 << 10]
    assert not (job.path / ".spare").exists()
