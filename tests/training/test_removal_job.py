"""The bin is emptied by a job."""

import os
from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.errors import RemovalRefused
from teachloop.datasets.labels.edits import SetDeleted
from teachloop.datasets.takes.removal import NOT_BINNED
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.worker import run
from teachloop.training.job_kinds import REMOVE, RemovalConfig

KINDS = JobKinds(REMOVE)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    takes = [numbered_take(tmp_path, "kept", NumberedTake(ticks=3))]
    for name in ("one", "two"):
        takes.append(numbered_take(tmp_path, name, NumberedTake(ticks=3), SetDeleted(True)))
    return submit(tmp_path, "remove", RemovalConfig(takes=tuple(takes)))


def test_it_says_what_went_and_what_stays(job: JobFolder) -> None:
    assert run(job, KINDS)
    result = job.status.result
    assert result["takes"] == 2
    assert result["left_out"] == {"kept": str(RemovalRefused("kept", NOT_BINNED))}
    assert os.listdir(job.data / "takes") == ["kept"]


def test_a_cancelled_one_goes_on_with_the_rest(job: JobFolder) -> None:
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert len(os.listdir(job.data / "takes")) == 3
    (job.path / "cancel").unlink()
    first = submit(job.data, "remove", RemovalConfig(takes=("one",)))
    assert run(first, KINDS)
    assert run(job, KINDS)
    assert job.status.result["takes"] == 1
    assert os.listdir(job.data / "takes") == ["kept"]
