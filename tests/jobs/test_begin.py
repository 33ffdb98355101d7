"""Asking for a job: what cannot be done, or is under way already, is refused before it is one."""

import threading
from pathlib import Path

import pytest

from teachloop.jobs.begin import AlreadyUnderWay, begin
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, list_jobs
from teachloop.jobs.kinds import JobKind, always
from teachloop.jobs.process_record import ProcessRecord
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.json_file import StoredModel


class Wish(JobConfig):
    steps: int = 3


class Nothing(StoredModel):
    pass


class NoProcess:
    """A launcher that leaves the job waiting."""

    def start(self, job: JobFolder) -> ProcessRecord:
        return ProcessRecord(pid=1, created=0.0)


def refuse_many(data: Path, wish: Wish) -> None:
    if wish.steps > 9:
        raise TeachloopError(f"{data.name} has not so many.")


KIND = JobKind(
    name="walk",
    title="Walk",
    config=always(Wish),
    work=lambda job, wish: Nothing(),
    possible=refuse_many,
)


def test_the_same_wish_is_not_done_twice_at_once(tmp_path: Path) -> None:
    first = begin(tmp_path, KIND, {"steps": 4}, NoProcess())
    with pytest.raises(AlreadyUnderWay, match=f"Walk with these very settings.*{first.id}"):
        begin(tmp_path, KIND, {"steps": 4}, NoProcess())
    assert [job.id for job in list_jobs(tmp_path)] == [first.id]
    begin(tmp_path, KIND, {"steps": 5}, NoProcess())
    first.cancel()
    begin(tmp_path, KIND, {"steps": 4}, NoProcess())
    assert len(list_jobs(tmp_path)) == 3


def test_of_wishes_of_one_moment_one_becomes_a_job(tmp_path: Path) -> None:
    refused: list[AlreadyUnderWay] = []

    def ask() -> None:
        try:
            begin(tmp_path, KIND, {"steps": 4}, NoProcess())
        except AlreadyUnderWay as error:
            refused.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(list_jobs(tmp_path)), len(refused)) == (1, 7)


def test_a_damaged_job_hinders_no_other(tmp_path: Path) -> None:
    job = begin(tmp_path, KIND, {}, NoProcess())
    (job.path / "job.json").write_text("hello")
    assert begin(tmp_path, KIND, {}, NoProcess()).id != job.id


def test_what_the_data_folder_cannot_give_is_refused_and_leaves_no_job(tmp_path: Path) -> None:
    with pytest.raises(TeachloopError, match="has not so many"):
        begin(tmp_path, KIND, {"steps": 10}, NoProcess())
    assert list_jobs(tmp_path) == []
