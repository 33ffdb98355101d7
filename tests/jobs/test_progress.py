from pathlib import Path

import pytest

from teachloop.jobs import progress
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.progress import Progress


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path, "finetune", JobConfig())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Its one number is what the clock says."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(("trials_s", "left"), [(0.0, 20.0), (90.0, 110.0)])
def test_the_time_left_holds_the_trial_that_follows(
    job: JobFolder, clock: list[float], trials_s: float, left: float
) -> None:
    told = Progress(job, ["tune"], trials_s)
    clock[0] = 20.0
    told.step("tune", 8, 19)  # of the whole training: 0.05 + 0.95 · 9 / 19, a half
    assert job.status.eta_s == pytest.approx(left)
    assert job.status.progress == pytest.approx(0.5 if trials_s == 0 else 0.35)


def test_steps_are_counted_from_nought_also_behind_a_first_half_without_any(
    job: JobFolder, clock: list[float]
) -> None:
    told = Progress(job, ["act"])
    clock[0] = 1.0
    told.step("act", 9, 10, before=0.5, cloning=0.3)
    told.step("act", 0, 10, before=0.5, cloning=0.9)
    rows = [(row["step"], row["cloning"]) for row in job.metrics()]
    assert rows == [(9, 0.3), (0, 0.9)]
    assert job.status.progress == 1.0
