"""Episodes of others are imported by a job, which finds out what lies in a folder."""

from pathlib import Path

import pytest
from fuzzing.robosuite_file import write_file
from fuzzing.saved_demo import CUP, PLACE, save_demo

from teachloop.datasets.catalog import Catalog
from teachloop.datasets.formats.pictures import NoSuchSet
from teachloop.datasets.takes.take_folder import take_folders
from teachloop.jobs.folder import submit
from teachloop.jobs.kinds import BadSettings, JobKinds
from teachloop.jobs.worker import run
from teachloop.labeler.job_kinds import IMPORT, ImportConfig

KINDS = JobKinds(IMPORT)


@pytest.fixture
def demos(tmp_path: Path) -> Path:
    save_demo(tmp_path / "set")
    broken = save_demo(tmp_path / "set", PLACE.with_name("episode1"))
    (broken / "low_dim_obs.pkl").write_bytes(b"cposix\nsystem\n.")
    return tmp_path / "set"


def test_a_job_says_what_it_imported_and_why_not_the_rest(tmp_path: Path, demos: Path) -> None:
    settings = {"source": str(demos), "options": {"handles": {str(CUP): "cup"}}}
    job = submit(tmp_path, "import", IMPORT.read(settings))
    assert run(job, KINDS)
    result = job.status.result
    assert (result["format"], result["takes"], result["there"]) == ("rlbench", 1, 0)
    assert "posix.system" in str(result["left_out"])
    with Catalog(tmp_path) as catalog:
        catalog.refresh()
        (row,) = catalog.takes()
    assert row.source == f"rlbench: {PLACE}"
    assert row.targets == ["cup"]
    assert any("the next step reached" in sentence for sentence in row.assumed)
    again = submit(tmp_path, "import", IMPORT.read(settings))
    assert run(again, KINDS)
    assert (again.status.result["takes"], again.status.result["there"]) == (0, 1)


def test_a_job_that_is_cancelled_leaves_no_half_take(tmp_path: Path, demos: Path) -> None:
    job = submit(tmp_path, "import", ImportConfig(source=str(demos)))
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert take_folders(tmp_path / "takes") == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"source": ""}, "source"),
        ({"source": "x", "options": {"format": "pickle"}}, "options.format"),
        ({"source": "x", "options": {"handles": {"-1": "cup"}}}, "handles"),
        ({"source": "x", "options": {"handles": {"cup": "1"}}}, "handles"),
    ],
)
def test_wrong_settings_make_no_job(
    tmp_path: Path, settings: dict[str, object], words: str
) -> None:
    with pytest.raises(BadSettings, match=words):
        IMPORT.check(tmp_path, settings)  # pyright: ignore[reportArgumentType]


def test_a_file_of_robomimic_is_imported_by_a_job(tmp_path: Path) -> None:
    path = write_file(tmp_path / "lift.hdf5", demos=3)
    settings = {"source": str(path), "options": {"format": "robomimic", "filter_key": "train"}}
    IMPORT.check(tmp_path, settings)  # pyright: ignore[reportArgumentType]
    job = submit(tmp_path, "import", IMPORT.read(settings))
    assert run(job, KINDS)
    assert (job.status.result["format"], job.status.result["takes"]) == ("robomimic", 2)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(NoSuchSet, match="not a whole one"):
        IMPORT.check(tmp_path, {"source": str(path)})


def test_a_folder_of_nothing_makes_no_job(tmp_path: Path) -> None:
    for given in ({"source": str(tmp_path)}, {"source": "x", "options": {"format": "rlbench"}}):
        with pytest.raises(NoSuchSet):
            IMPORT.check(tmp_path, given)  # pyright: ignore[reportArgumentType]
