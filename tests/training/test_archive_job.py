"""Takes are archived by a job, and everything is done with them as before."""

from pathlib import Path

import pytest
from numbered_takes import NumberedTake, numbered_take
from robomimic_files import RobomimicFiles

from teachloop.datasets.archive_takes import archive_takes
from teachloop.datasets.formats.format_names import TakeFormat
from teachloop.datasets.formats.take_export import OPTIONS, export_takes
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.folder import JobCancelled, JobFolder, submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.worker import run
from teachloop.training.job_kinds import ARCHIVE, ArchiveConfig

KINDS = JobKinds(ARCHIVE)
TICKS = 15


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    how = NumberedTake(ticks=TICKS, dropped={"front": {4}})
    takes = [numbered_take(tmp_path, name, how) for name in ("one", "two")]
    return submit(tmp_path, "archive", ArchiveConfig(takes=tuple(takes)))


def archived(data: Path, *names: str) -> list[bool]:
    found = []
    for name in names:
        with Take.open(data / "takes" / name) as take:
            found.append(take.info.video is not None)
    return found


def test_it_says_what_room_was_won(job: JobFolder) -> None:
    assert run(job, KINDS)
    result = job.status.result
    assert (result["takes"], result["left_out"]) == (2, {})
    sizes = [(job.data / "takes" / name / "take.h5").stat().st_size for name in ("one", "two")]
    assert result["bytes_after"] == sum(sizes)
    assert archived(job.data, "one", "two") == [True, True]


def test_a_cancelled_one_goes_on_with_the_rest(job: JobFolder) -> None:
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert archived(job.data, "one", "two") == [False, False]
    (job.path / "cancel").unlink()
    assert run(submit(job.data, "archive", ArchiveConfig(takes=("one",))), KINDS)
    assert run(job, KINDS)
    assert job.status.result["takes"] == 1
    left_out = job.status.result["left_out"]
    assert isinstance(left_out, dict)
    assert "archived already" in str(left_out["one"])
    assert archived(job.data, "one", "two") == [True, True]


def test_a_cancel_in_the_middle_ends_it(job: JobFolder) -> None:
    def tell(_message: str, share: float) -> None:
        if share > 0.6:
            raise JobCancelled("enough")

    folders = [job.data / "takes" / name for name in ("one", "two")]
    with pytest.raises(JobCancelled):
        archive_takes(folders, tell)
    assert archived(job.data, "one", "two") == [True, False]


@pytest.mark.parametrize("form", OPTIONS)
def test_archived_takes_are_exported(job: JobFolder, tmp_path: Path, form: TakeFormat) -> None:
    assert run(job, KINDS)
    out = tmp_path / "out"
    done = export_takes(job.data, ["one", "two"], OPTIONS[form](), out, lambda *_: None)
    assert (done.episodes, done.left_out) == (2, {})


def test_each_of_their_pictures_is_at_its_tick(job: JobFolder, tmp_path: Path) -> None:
    assert run(job, KINDS)
    options = OPTIONS["robomimic"]()
    export_takes(job.data, ["one"], options, tmp_path / "out", lambda *_: None)
    files = RobomimicFiles(tmp_path / "out")
    assert files.shown(0, "wrist") == list(range(TICKS))
    assert files.shown(0, "front") == [3 if tick == 4 else tick for tick in range(TICKS)]
