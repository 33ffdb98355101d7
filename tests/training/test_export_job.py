"""Takes are exported by a job, which can be cancelled and goes on where it stopped."""

from pathlib import Path

import pytest
from lerobot_files import LeRobotFiles
from mcap_files import McapFile
from numbered_takes import NumberedTake, numbered_take
from rlds_files import RldsFiles
from robomimic_files import RobomimicFiles

from teachloop.datasets.formats.episodes.errors import MixedRates
from teachloop.datasets.formats.rlds.options import RldsOptions
from teachloop.jobs.begin import begin
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import BadSettings, JobKinds
from teachloop.jobs.launcher import LocalLauncher
from teachloop.jobs.worker import run
from teachloop.training.export_config import (
    ExportTakesConfig,
    LeRobotExportConfig,
    McapExportConfig,
    RldsExportConfig,
    RobomimicExportConfig,
)
from teachloop.training.job_kinds import EXPORT_TAKES

KINDS = JobKinds(EXPORT_TAKES)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    takes = [
        numbered_take(tmp_path, name, NumberedTake(ticks=15, seed=seed))
        for seed, name in enumerate(("one", "two"))
    ]
    numbered_take(tmp_path, "silent", NumberedTake(ticks=15, fields={"instruction": ""}))
    return submit(tmp_path, "export-takes", LeRobotExportConfig(takes=(*takes, "silent")))


def test_it_says_what_was_written_and_what_was_left_out(job: JobFolder) -> None:
    assert run(job, KINDS)
    result = job.status.result
    assert (result["episodes"], result["frames"]) == (2, 30)
    assert isinstance(result["left_out"], dict)
    assert list(result["left_out"]) == ["silent"]
    folder = Path(str(result["folder"]))
    assert folder == job.data / "exports" / job.id
    assert LeRobotFiles(folder).shown("wrist", 1) == list(range(15))


def test_a_cancelled_one_is_no_data_set_until_it_went_on(job: JobFolder) -> None:
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert job.status.state == "cancelled"
    assert not (job.data / "exports" / job.id).exists()
    (job.path / "cancel").unlink()
    assert run(job, KINDS)
    assert LeRobotFiles(job.data / "exports" / job.id).info["total_frames"] == 30


def cancelled_and_resumed(data: Path, config: ExportTakesConfig) -> tuple[JobFolder, Path]:
    """The job at its end, and what it wrote; cancelled, it had written nothing."""
    job = submit(data, "export-takes", config)
    (job.path / "cancel").touch()
    assert not run(job, KINDS)
    assert not (data / "exports" / job.id).exists()
    (job.path / "cancel").unlink()
    assert run(job, KINDS)
    return job, Path(str(job.status.result["folder"]))


@pytest.fixture
def takes(tmp_path: Path) -> tuple[str, ...]:
    return tuple(numbered_take(tmp_path, name, NumberedTake(ticks=15)) for name in ("one", "two"))


def test_what_does_not_fit_together_is_no_job(tmp_path: Path) -> None:
    numbered_take(tmp_path, "one", NumberedTake(ticks=5))
    numbered_take(tmp_path, "fast", NumberedTake(ticks=5, rate_hz=30.0))
    with pytest.raises(MixedRates, match="Say which rate"):
        begin(tmp_path, EXPORT_TAKES, {"takes": ["one", "fast"]}, LocalLauncher(["false"]))
    assert not list((tmp_path / "jobs").glob("*/job.json"))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"actions": "twists"}, "options.actions"),
        ({"rate_hz": 0}, "options.rate_hz"),
        ({"size": [224, 225]}, "options.size"),
        ({"sizes": [224, 224]}, "options.sizes"),
        ({"scale": [0.05, 0.5]}, "options.scale"),
    ],
)
def test_what_cannot_be_asked_for_is_named(options: dict, named: str) -> None:
    with pytest.raises(BadSettings) as refused:
        EXPORT_TAKES.read({"takes": ["one"], "options": options})
    assert refused.value.field.startswith(named)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"actions": "poses"}, "options.actions"),
        ({"scale": [0.05, 0.0]}, "options.scale"),
        ({"size": [7, 84]}, "options.size"),
    ],
)
def test_robomimic_is_asked_for_other_things(options: dict, named: str) -> None:
    with pytest.raises(BadSettings) as refused:
        EXPORT_TAKES.read({"takes": ["one"], "format": "robomimic", "options": options})
    assert refused.value.field.startswith(named)


@pytest.mark.parametrize("name", ["", "My cubes", "cubes/red", "..", "2_cubes", "pieces", "a" * 65])
def test_an_rlds_data_set_has_a_name_that_a_folder_and_openvla_have(name: str) -> None:
    with pytest.raises(BadSettings, match="small letters, digits and _") as refused:
        EXPORT_TAKES.read({"takes": ["one"], "format": "rlds", "options": {"name": name}})
    assert refused.value.field == "options.name"


def test_a_format_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(
        BadSettings, match="format must be lerobot, robomimic, rlds or mcap"
    ) as refused:
        EXPORT_TAKES.read({"takes": ["one"], "format": "zarr"})
    assert refused.value.field == "format"


def test_a_cancelled_export_as_rlds_goes_on(tmp_path: Path, takes: tuple[str, ...]) -> None:
    options = RldsOptions(name="cubes")
    config = RldsExportConfig(takes=takes, format="rlds", options=options)
    _, folder = cancelled_and_resumed(tmp_path, config)
    assert RldsFiles(folder, "cubes").shown("image", 0, "val") == list(range(15))


def test_a_cancelled_export_for_robomimic_goes_on(tmp_path: Path, takes: tuple[str, ...]) -> None:
    config = RobomimicExportConfig(takes=takes, format="robomimic")
    _, folder = cancelled_and_resumed(tmp_path, config)
    assert RobomimicFiles(folder).shown(1, "wrist") == list(range(15))


@pytest.mark.parametrize("options", [{"rate_hz": 10}, {"size": [96, 96]}, {"name": "cubes"}])
def test_mcap_has_no_rate_no_size_and_no_name(options: dict) -> None:
    with pytest.raises(BadSettings, match="is no field that is known here") as refused:
        EXPORT_TAKES.read({"takes": ["one"], "format": "mcap", "options": options})
    assert refused.value.field == f"options.{next(iter(options))}"


def test_a_cancelled_export_as_mcap_goes_on(tmp_path: Path, takes: tuple[str, ...]) -> None:
    config = McapExportConfig(takes=takes, format="mcap")
    job, folder = cancelled_and_resumed(tmp_path, config)
    assert (job.status.result["episodes"], job.status.result["frames"]) == (2, 60)
    assert len(McapFile(folder / "two.mcap").of("/cameras/wrist/image")) == 15
