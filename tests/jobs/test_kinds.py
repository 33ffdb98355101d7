"""A kind of job is a name, its settings and its work; whoever offers it registers it."""

from pathlib import Path

import pytest

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import BadSettings, JobKind, JobKinds, UnknownKind, always
from teachloop.runtime.json_file import StoredModel


class CountConfig(JobConfig):
    to: int
    step: int = 1


class Counted(StoredModel):
    numbers: tuple[int, ...]


def count(job: JobFolder, config: CountConfig) -> Counted:
    return Counted(numbers=tuple(range(0, config.to, config.step)))


COUNT = JobKind(name="count", title="Count", config=always(CountConfig), work=count)
KINDS = JobKinds(COUNT)


def test_a_job_works_with_the_settings_that_it_was_given(tmp_path: Path) -> None:
    job = submit(tmp_path, "count", KINDS["count"].read({"to": 3}))
    assert job.spec.config == {"to": 3}, "what is left out stays the kind's to choose"
    assert KINDS["count"].work_on(job) == Counted(numbers=(0, 1, 2))


def test_settings_that_do_not_fit_are_refused_with_the_field_s_name() -> None:
    with pytest.raises(BadSettings, match=r"count job.*to must be a whole number, got '3'"):
        KINDS["count"].read({"to": "3"})
    with pytest.raises(BadSettings, match="to is missing"):
        KINDS["count"].read({})


def test_a_folder_with_settings_of_another_version_says_which_do_not_fit(tmp_path: Path) -> None:
    class OlderConfig(JobConfig):
        until: int

    with pytest.raises(BadSettings, match="until is no field"):
        KINDS["count"].work_on(submit(tmp_path, "count", OlderConfig(until=3)))


def test_an_unknown_kind_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownKind, match=r"No job of kind 'dance'. Known: count."):
        KINDS["dance"]


def test_a_kind_that_is_not_known_any_more_still_has_a_title() -> None:
    assert (KINDS.title("count"), KINDS.title("dance")) == ("Count", "dance")
