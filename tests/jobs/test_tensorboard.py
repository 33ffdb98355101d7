"""What TensorBoard reads of a job."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from google_crc32c import value as crc32c
from tensorboardX.proto.event_pb2 import Event, SessionLog  # type: ignore[attr-defined]

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.progress import Progress


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path, "finetune", JobConfig())


def events(path: Path) -> Iterator[Event]:
    """Of an event file: records of length, its checksum, bytes, their checksum (TFRecord)."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        length, length_sum = struct.unpack_from("<QI", data, at)
        assert masked(data[at : at + 8]) == length_sum
        record = data[at + 12 : at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length) == (masked(record),)
        at += length + 16
        yield Event.FromString(record)


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def curve(path: Path) -> list[tuple[int, str, float]]:
    """Step, name, value."""
    values = ((event.step, value) for event in events(path) for value in event.summary.value)
    return [(step, value.tag, value.simple_value) for step, value in values]


def test_each_stage_is_a_run_with_the_figures_that_the_page_shows(job: JobFolder) -> None:
    progress = Progress(job, ["look", "act"])
    progress.step("look", 0, 2, grounding=0.5, contrast=2.0)
    progress.step("look", 1, 2, grounding=0.25, contrast=1.0)
    progress.step("act", 0, 1, cloning=4.0)
    runs = {path.parent.name: curve(path) for path in job.path.glob("tensorboard/*/events.*")}
    assert runs == {
        "look": [
            (0, "grounding", 0.5), (0, "contrast", 2.0),
            (1, "grounding", 0.25), (1, "contrast", 1.0),
        ],
        "act": [(0, "cloning", 4.0)],
    }  # fmt: skip


def test_a_stage_that_goes_on_takes_back_what_it_makes_again(job: JobFolder) -> None:
    Progress(job, ["act"]).step("act", 7, 10, cloning=1.0)
    (first,) = job.path.glob("tensorboard/act/events.*")
    first.rename(first.with_name(f"{first.name}.first"))
    Progress(job, ["act"]).step("act", 5, 10, cloning=1.0)
    (second,) = {*job.path.glob("tensorboard/act/events.*")} - {*job.path.glob("**/*.first")}
    started = [event for event in events(second) if event.session_log.status == SessionLog.START]
    assert [event.step for event in started] == [5]


@pytest.mark.parametrize("name", ["../../elsewhere", "..", "/tmp", "a/b", "läuft 1"])
def test_a_stage_of_any_name_stays_in_the_job(job: JobFolder, name: str) -> None:
    Progress(job, [name]).step(name, 0, 1, cloning=1.0)
    Progress(job, [f"{name}_"]).step(f"{name}_", 0, 1, cloning=1.0)
    folders = [*(job.path / "tensorboard").iterdir()]
    assert [len([*folder.iterdir()]) for folder in folders] == [1, 1]
    assert not [*job.path.parent.glob("elsewhere*")]
