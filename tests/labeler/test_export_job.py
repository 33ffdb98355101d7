"""Masks are exported by a job: into a folder of its own, or not at all."""

from pathlib import Path

import pytest
from drawn_takes import draw_take

from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import BadSettings, JobKinds
from teachloop.jobs.worker import run
from teachloop.labeler.job_kinds import EXPORT_MASKS, ExportMasksConfig

KINDS = JobKinds(EXPORT_MASKS)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    draw_take(tmp_path, "one")
    draw_take(tmp_path, "bare", labeled=False)
    return submit(tmp_path, "export-masks", ExportMasksConfig(takes=("one", "bare"), format="coco"))


def test_it_says_what_was_written_and_what_was_left_out(job: JobFolder) -> None:
    assert run(job, KINDS)
    result = job.status.result
    assert result["left_out"] == {"bare": "It has no mask."}
    assert (result["frames"], result["masks"], result["incomplete"]) == (40, 40, 0)
    folder = Path(str(result["folder"]))
    assert folder == job.data / "exports" / job.id
    assert len(list((folder / "images").rglob("*.jpg"))) == 40


def test_a_cancelled_one_leaves_nothing(job: JobFolder) -> None:
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert job.status.state == "cancelled"
    assert not (job.data / "exports").exists()


@pytest.mark.parametrize(
    "asked",
    [
        {"takes": [], "format": "coco"},
        {"takes": ["one"], "format": "voc"},
        {"takes": ["../x"], "format": "png"},
    ],
)
def test_what_cannot_be_asked_for_is_no_job(asked: dict) -> None:
    with pytest.raises(BadSettings):
        EXPORT_MASKS.read(asked)
