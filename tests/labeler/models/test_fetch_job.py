"""Published weights are fetched by a job, from a server that the test starts, and are named."""

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from file_server import CHUNK, FileServer

from teachloop.jobs.begin import AlreadyUnderWay, begin
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.status import JobStatus
from teachloop.jobs.worker import run
from teachloop.labeler.job_kinds import FETCH, FetchConfig
from teachloop.labeler.models import http_file
from teachloop.labeler.models.listing import list_models
from teachloop.labeler.models.removal import UnderWay, remove_fetched
from teachloop.labeler.models.settings_file import name_weights
from teachloop.labeler.models.storage import NoRoom, NotPublished
from teachloop.labeler.packages import MissingPackages
from teachloop.labeler.settings import LabelerSettings

NAME = "squares_1.pth"
CONTENT = os.urandom(40 * CHUNK)
MINE = {"mine": {"factory": "made_up_methods:Squares", "variable": "MINE"}}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setattr(http_file, "WAIT_S", 0.01)
    server = FileServer()
    server.files[f"/{NAME}"] = CONTENT
    with server.running():
        yield server


@pytest.fixture
def data(tmp_path: Path, server: FileServer) -> Path:
    """A data folder whose settings name a method, and weights of it that are published."""
    published = {
        "method": "mine",
        "about": "first",
        "size": len(CONTENT),
        "licence": "Apache-2.0",
        "url": f"{server.url}/{NAME}",
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }
    settings = {"segmenters": MINE, "segmenter": "mine", "published": [published]}
    (tmp_path / "labeler.json").write_text(json.dumps(settings))
    return tmp_path


def fetch(data: Path) -> JobStatus:
    """How the job ended."""
    job = submit(data, FETCH.name, FetchConfig(name=NAME))
    run(job, JobKinds(FETCH))
    return job.status


def left(data: Path) -> set[str]:
    return {path.name for path in (data / "models").iterdir()}


def settings(data: Path) -> dict[str, Any]:
    return json.loads((data / "labeler.json").read_text())


def test_they_come_whole_and_are_their_methods_weights(data: Path) -> None:
    before = settings(data)
    status = fetch(data)
    path = data / "models" / NAME
    assert (status.state, status.result["weights"]) == ("done", str(path))
    assert path.read_bytes() == CONTENT
    assert left(data) == {NAME}
    assert settings(data) == {**before, "weights": {"mine": str(path)}}


def test_what_is_there_already_is_named_and_not_fetched_again(
    data: Path, server: FileServer
) -> None:
    fetch(data)
    (data / "labeler.json").write_text(json.dumps({**settings(data), "weights": {}}))
    assert fetch(data).state == "done"
    assert len(server.asked) == 1
    assert LabelerSettings.read(data).weights == {"mine": str(data / "models" / NAME)}


def test_cancelled_it_keeps_what_came_and_the_next_goes_on(data: Path, server: FileServer) -> None:
    server.chunk_s = 0.01
    job = submit(data, FETCH.name, FetchConfig(name=NAME))
    working = threading.Thread(target=run, args=(job, JobKinds(FETCH)))
    working.start()
    while not 0 < job.status.progress < 1:
        pass
    assert job.status.message.endswith("B of 3 MB")
    job.cancel()
    working.join()
    assert job.status.state == "cancelled"
    assert left(data) == {f".{NAME}.partial"}
    assert "weights" not in settings(data)
    mine = next(each for each in list_models(data).methods if each.name == "mine")
    assert 0 < mine.published[0].here < len(CONTENT)
    assert not mine.published[0].whole
    assert fetch(data).state == "done"
    assert server.asked[-1][1] == f"bytes={mine.published[0].here}-"
    assert (data / "models" / NAME).read_bytes() == CONTENT


def test_other_bytes_are_not_named_and_nothing_is_left(data: Path, server: FileServer) -> None:
    server.files[f"/{NAME}"] = bytes(len(CONTENT))
    status = fetch(data)
    assert (status.state, "its hash is another" in status.message) == ("failed", True)
    assert left(data) == set()
    assert "weights" not in settings(data)


def test_without_a_network_it_says_so(data: Path) -> None:
    nowhere = settings(data)
    nowhere["published"][0]["url"] = f"http://weights.invalid/{NAME}"
    (data / "labeler.json").write_text(json.dumps(nowhere))
    status = fetch(data)
    assert status.state == "failed"
    assert "there is no network, or no way to it" in status.message


def say_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """So many bytes, whatever the disk has."""
    total, used, _ = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: DiskUsage(total, used, free))


def test_too_large_for_the_disk_there_is_no_job(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_free(monkeypatch, 60_000_000)
    with pytest.raises(NoRoom, match=r"3 MB are still to come.*takes 0 bytes.*Make room"):
        begin(data, FETCH, {"name": NAME}, Nobody())
    assert list((data / "jobs").glob("*")) == []


def test_where_their_packages_are_not_installed_there_is_no_job(data: Path) -> None:
    told = settings(data)
    told["published"][0]["packages"] = ["json", "nobody_makes_this"]
    (data / "labeler.json").write_text(json.dumps(told))
    words = (
        r"first needs more than is installed: `\.venv/bin/pip install .* json nobody_makes_this`"
    )
    with pytest.raises(MissingPackages, match=words):
        begin(data, FETCH, {"name": NAME}, Nobody())
    assert list((data / "jobs").glob("*")) == []


def test_a_disk_that_fills_up_meanwhile_is_said_and_what_came_is_kept(
    data: Path, small_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_disk.path / "labeler.json").write_bytes((data / "labeler.json").read_bytes())
    say_free(monkeypatch, 10**9)
    status = fetch(small_disk.path)
    assert status.state == "failed"
    assert "The disk is full. Make room" in status.message
    partial = small_disk.path / "models" / f".{NAME}.partial"
    assert CONTENT.startswith(partial.read_bytes())
    assert partial.stat().st_size > 10 * CHUNK


def test_only_what_is_published_is_fetched(data: Path) -> None:
    with pytest.raises(NotPublished, match=r"Known: sam_vit_b_01ec64\.pth"):
        begin(data, FETCH, {"name": "https://evil.example/x.pth"}, Nobody())


def test_the_same_is_not_fetched_twice_at_once_nor_removed_meanwhile(data: Path) -> None:
    job = begin(data, FETCH, {"name": NAME}, Nobody())
    with pytest.raises(AlreadyUnderWay):
        begin(data, FETCH, {"name": NAME}, Nobody())
    with pytest.raises(UnderWay, match="Cancel that first"):
        remove_fetched(data, NAME)
    job.cancel()
    remove_fetched(data, NAME)


def test_removed_they_are_nobodys_weights_any_more(data: Path) -> None:
    fetch(data)
    remove_fetched(data, NAME)
    assert left(data) == set()
    assert settings(data)["weights"] == {}
    assert settings(data)["segmenter"] == "classical"


def test_weights_of_ones_own_stay_named_when_others_are_removed(data: Path) -> None:
    fetch(data)
    name_weights(data, "mine", "my.pth")
    remove_fetched(data, NAME)
    assert settings(data)["weights"] == {"mine": "my.pth"}


class DiskUsage(NamedTuple):
    """As ``shutil`` says it."""

    total: int
    used: int
    free: int


class Nobody:
    """Starts nothing."""

    def start(self, job: JobFolder) -> Any:
        return None
