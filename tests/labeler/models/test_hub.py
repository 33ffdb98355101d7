"""A model of the hub comes with its configuration, checked by the hashes that the hub gives."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from file_server import FileServer
from huggingface_hub import constants

from teachloop.jobs.folder import submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.status import JobStatus
from teachloop.jobs.worker import run
from teachloop.labeler.job_kinds import FETCH, FetchConfig
from teachloop.labeler.models import http_file
from teachloop.labeler.models.errors import Busy, Gated, Unreachable
from teachloop.labeler.models.hub import NoTensors, NotOnTheHub, files_of
from teachloop.labeler.settings import LabelerSettings

HUB_ID = "somebody/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b'{"model_type": "sam2"}',
    "preprocessor_config.json": b"{}",
    "model.safetensors": bytes(range(256)) * 4000,
    "tokenizer.json": b'{"version": "1.0"}',
    "tokenizer_config.json": b"{}",
    "tokenizer.py": b"print('code')",
    "pytorch_model.bin": b"a pickle, which can hold code",
    "README.md": b"# Tiny",
}
TEMPLATE = "{}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
WANTED = {"config.json", "preprocessor_config.json", "model.safetensors"}
WANTED |= {"tokenizer.json", "tokenizer_config.json"}


class Hub(FileServer):
    """Answers as the hub does, for one model."""

    def publish(self, files: dict[str, bytes]) -> None:
        siblings = [sibling(name, content) for name, content in files.items()]
        told = {"id": HUB_ID, "sha": COMMIT, "siblings": siblings}
        self.files[f"/api/models/{HUB_ID}"] = json.dumps(told).encode()
        for name, content in files.items():
            self.files[f"/{HUB_ID}/resolve/{COMMIT}/{name}"] = content

    @property
    def fetched(self) -> set[str]:
        return {path.rpartition("/")[2] for path, _ in self.asked if "/resolve/" in path}


def sibling(name: str, content: bytes) -> dict[str, Any]:
    """A file as the hub lists it: git's hash, and the SHA-256 of what git does not have."""
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    listed: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": blob}
    if name.endswith((".safetensors", ".bin")):
        sha256 = hashlib.sha256(content).hexdigest()
        listed["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 130}
    return listed


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(http_file, "WAIT_S", 0.01)
    hub = Hub()
    hub.kinds[f"/api/models/{HUB_ID}?blobs=true"] = "application/json"
    hub.publish(FILES)
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", TEMPLATE.format(hub.url))
    with hub.running():
        yield hub


@pytest.fixture
def data(tmp_path: Path) -> Path:
    published = {"method": "mine", "about": "tiny", "size": 1_000_000, "hub_id": HUB_ID}
    (tmp_path / "labeler.json").write_text(json.dumps({"published": [published]}))
    return tmp_path


def fetch(data: Path) -> JobStatus:
    job = submit(data, FETCH.name, FetchConfig(name="somebody--tiny"))
    run(job, JobKinds(FETCH))
    return job.status


def test_a_model_comes_as_a_folder_without_pickles(data: Path, hub: Hub) -> None:
    assert fetch(data).state == "done"
    folder = data / "models" / "somebody--tiny"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: FILES[name] for name in WANTED
    }
    assert hub.fetched == WANTED
    assert LabelerSettings.read(data).weights == {"mine": str(folder)}


def test_cut_off_it_goes_on_with_what_is_missing(data: Path, hub: Hub) -> None:
    hub.statuses = [*[200] * len(WANTED), *[503] * http_file.TRIES]  # the list, and all but one
    assert "Try again later" in fetch(data).message
    assert not (data / "models" / "somebody--tiny").exists()
    hub.asked.clear()
    assert fetch(data).state == "done"
    assert hub.fetched == {"model.safetensors"}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_no_file_is_taken_for_another(data: Path, hub: Hub, name: str) -> None:
    hub.files[f"/{HUB_ID}/resolve/{COMMIT}/{name}"] = FILES[name][::-1]
    status = fetch(data)
    assert (status.state, "its hash is another" in status.message) == ("failed", True)
    assert not (data / "models" / "somebody--tiny").exists()


def test_a_model_of_pickles_alone_is_refused(hub: Hub) -> None:
    hub.publish({"config.json": b"{}", "pytorch_model.bin": b"code"})
    with pytest.raises(NoTensors, match=r"no weights as safetensors"):
        files_of(HUB_ID)


def test_where_the_hub_cannot_be_reached_that_is_said(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://hub.invalid")
    with pytest.raises(Unreachable, match="there is no network, or no way to it"):
        files_of(HUB_ID)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(Unreachable, match="HF_HUB_OFFLINE says"):
        files_of(HUB_ID)


def test_what_the_hub_refuses_is_said(hub: Hub) -> None:
    hub.files.clear()
    hub.errors = {404: "RepoNotFound", 403: "GatedRepo"}
    with pytest.raises(NotOnTheHub, match="hf auth login"):
        files_of(HUB_ID)
    hub.statuses = [403]
    with pytest.raises(Gated, match="agree to their terms"):
        files_of(HUB_ID)
    hub.statuses = [503]
    with pytest.raises(Busy, match="Try again later"):
        files_of(HUB_ID)


@pytest.mark.parametrize("status", [401, 403])
def test_a_model_whose_terms_nobody_agreed_to_is_listed_and_not_handed_out(
    data: Path, hub: Hub, status: int
) -> None:
    hub.errors = {status: "GatedRepo"}
    hub.statuses = [200, status]
    told = fetch(data)
    assert told.state == "failed"
    assert f"{hub.url}/{HUB_ID} want to know who has it: agree to their terms" in told.message
