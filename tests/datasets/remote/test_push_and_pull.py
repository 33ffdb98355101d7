"""What was sent is what is fetched: whole, as it was, and not twice."""

import json
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.archive_take import archive_take
from teachloop.datasets.catalog import Catalog
from teachloop.datasets.errors import NoSuchTake, TakeMissing, TakeRefused
from teachloop.datasets.formats.export import AlreadyThere
from teachloop.datasets.labels.edits import SetDeleted, SetInstruction
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.remote.errors import (
    Altered,
    BadManifest,
    CannotReach,
    CannotSend,
    NothingThere,
    NothingToSend,
    NotWhole,
    OtherKind,
    SentBefore,
)
from teachloop.datasets.remote.manifest import MANIFEST
from teachloop.datasets.remote.pull import pull
from teachloop.datasets.remote.push import push_folder, push_takes
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import TAKE

FILES = {"README.md": b"# cubes\n", "data/one.bin": b"1" * 5000, "data/deep/two.bin": b"2" * 9}


class Stopped(Exception):
    """Somebody ended it."""


def quiet(message: str, share: float) -> None:
    """Nobody waits."""


def stop_at(path: str):
    def tell(message: str, share: float) -> None:
        if message.endswith(path):
            raise Stopped

    return tell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in FILES.items():
        (tmp_path / "set" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / path).write_bytes(content)
    (tmp_path / "set" / ".hidden").write_bytes(b"of who works there")
    return tmp_path / "set"


@pytest.fixture(params=["disk", "file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    there = tmp_path / "elsewhere" / "cubes"
    return {
        "disk": str(there),
        "file": there.as_uri(),
        "memory": f"memory://{uuid4().hex}/cubes",
    }[request.param]


def content_of(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def altered(url: str, path: str, content: bytes) -> None:
    files, root = fsspec.core.url_to_fs(url)
    files.pipe_file(f"{root}/{path}", content)


def test_a_folder_comes_back_as_it_was(folder: Path, tmp_path: Path, url: str) -> None:
    shares: list[float] = []
    sent = push_folder(folder, url, lambda message, share: shares.append(share))
    assert (sent.sent, sent.there, sent.removed) == (3, 0, 0)
    assert shares == sorted(shares)
    fetched = pull(url, tmp_path / "new" / "cubes", quiet)
    assert fetched.files == 3
    assert content_of(tmp_path / "new" / "cubes") == FILES


def test_only_what_changed_is_sent_again(folder: Path, tmp_path: Path, url: str) -> None:
    push_folder(folder, url, quiet)
    again = push_folder(folder, url, quiet)
    assert (again.sent, again.there) == (0, 3)
    (folder / "data" / "one.bin").write_bytes(b"other")
    (folder / "README.md").unlink()
    changed = push_folder(folder, url, quiet)
    assert (changed.sent, changed.there, changed.removed) == (1, 1, 1)
    pull(url, tmp_path / "new", quiet)
    left = {"data/one.bin": b"other", "data/deep/two.bin": FILES["data/deep/two.bin"]}
    assert content_of(tmp_path / "new") == left


def test_an_interrupted_push_is_not_whole_and_goes_on(
    folder: Path, tmp_path: Path, url: str
) -> None:
    with pytest.raises(Stopped):
        push_folder(folder, url, stop_at("sending data/one.bin"))
    with pytest.raises(NotWhole, match="Send it again"):
        pull(url, tmp_path / "new", quiet)
    assert not (tmp_path / "new").exists()
    sent = push_folder(folder, url, quiet)
    assert (sent.sent, sent.there) == (1, 2)
    pull(url, tmp_path / "new", quiet)
    assert content_of(tmp_path / "new") == FILES


def test_an_interrupted_pull_is_not_there_and_goes_on(
    folder: Path, tmp_path: Path, url: str
) -> None:
    push_folder(folder, url, quiet)
    with pytest.raises(Stopped):
        pull(url, tmp_path / "new", stop_at("fetching data/one.bin"))
    assert not (tmp_path / "new").exists()
    kept = tmp_path / ".new.partial" / "data" / "deep" / "two.bin"
    before = kept.stat().st_mtime_ns
    pull(url, tmp_path / "new", quiet)
    assert (tmp_path / "new" / "data" / "deep" / "two.bin").stat().st_mtime_ns == before
    assert content_of(tmp_path / "new") == FILES


def test_what_is_not_what_was_sent_is_not_fetched(folder: Path, tmp_path: Path, url: str) -> None:
    push_folder(folder, url, quiet)
    altered(url, "data/one.bin", b"3" * 5000)
    with pytest.raises(Altered, match=r"data/one\.bin"):
        pull(url, tmp_path / "new", quiet)
    assert not (tmp_path / "new").exists()


def test_takes_join_those_that_are_there(tmp_path: Path, url: str) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    numbered_take(here, "one", NumberedTake(ticks=5), SetInstruction("lift it"))
    numbered_take(here, "two", NumberedTake(ticks=6))
    numbered_take(there, "two", NumberedTake(ticks=9))
    push_takes(here, ["one", "two"], url, quiet)
    done = pull(url, there, quiet)
    assert (done.takes, done.there) == (["one"], ["two"])
    with Catalog(there) as catalog:
        catalog.refresh()
        rows = {row.take_id: row for row in catalog.takes()}
    assert (rows["one"].instruction, rows["one"].ticks, rows["two"].ticks) == ("lift it", 5, 9)
    with Take.open(there / "takes" / "one") as take:
        assert len(take.frames["front"]) == 5


def test_what_was_recorded_stays_there_when_a_take_is_archived_here(
    tmp_path: Path, url: str
) -> None:
    here, file = tmp_path / "here", Path("takes", "one", TAKE)
    numbered_take(here, "one", NumberedTake(ticks=8))
    recorded = (here / file).read_bytes()
    push_takes(here, ["one"], url, quiet)
    archive_take(here / "takes" / "one")
    Labels.open(here / "takes" / "one").add([SetInstruction("lift")], "Ada")
    push_takes(here, ["one"], url, quiet)
    pull(url, tmp_path / "new", quiet)
    assert (tmp_path / "new" / file).read_bytes() == recorded
    assert Labels.open(tmp_path / "new" / "takes" / "one").snapshot.instruction == "lift"


def test_more_takes_go_to_the_same_place(tmp_path: Path, url: str) -> None:
    for name in ("one", "two"):
        numbered_take(tmp_path / "here", name, NumberedTake(ticks=4))
        push_takes(tmp_path / "here", [name], url, quiet)
    Labels.open(tmp_path / "here" / "takes" / "one").apply([SetInstruction("lift")], 0, "Ada")
    sent = push_takes(tmp_path / "here", ["one"], url, quiet)
    assert sent.there >= 1
    assert pull(url, tmp_path / "new", quiet).takes == ["one", "two"]
    labels = Labels.open(tmp_path / "new" / "takes" / "one")
    assert labels.snapshot.instruction == "lift"


@pytest.mark.parametrize(
    "path",
    [
        "../escaped",
        "/etc/escaped",
        "data/../../escaped",
        ".hidden",
        "a//b",
        "a\\b",
        "",
        "é" * 128,
        "/".join(["deep"] * 201),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(folder: Path, tmp_path: Path, path: str) -> None:
    url = str(tmp_path / "elsewhere")
    push_folder(folder, url, quiet)
    manifest = json.loads((tmp_path / "elsewhere" / MANIFEST).read_text())
    manifest["files"][0]["path"] = path
    (tmp_path / "elsewhere" / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BadManifest):
        pull(url, tmp_path / "deep" / "new", quiet)
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"version": 2, "files": []}'])
def test_another_manifest_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(BadManifest, match="cannot be read"):
        pull(str(tmp_path), tmp_path / "new", quiet)


def test_a_file_that_no_other_disk_may_hold_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "a\\b").write_bytes(b"c")
    with pytest.raises(CannotSend, match=r"a.b cannot be sent: .* Rename it"):
        push_folder(folder, str(tmp_path / "elsewhere"), quiet)


def test_what_makes_no_sense_is_refused_in_words(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="teachloop push"):
        pull(str(tmp_path / "nowhere"), tmp_path / "new", quiet)
    with pytest.raises(CannotReach, match="nosuch"):
        push_folder(folder, "nosuch://lab/cubes", quiet)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToSend):
        push_folder(tmp_path / "empty", str(tmp_path / "elsewhere"), quiet)
    push_folder(folder, str(tmp_path / "elsewhere"), quiet)
    with pytest.raises(AlreadyThere):
        pull(str(tmp_path / "elsewhere"), folder, quiet)
    numbered_take(tmp_path / "data", "one", NumberedTake(ticks=3), SetDeleted(True))
    with pytest.raises(OtherKind, match="not there yet"):
        pull(str(tmp_path / "elsewhere"), tmp_path / "data", quiet)
    with pytest.raises(TakeRefused, match="in the bin"):
        push_takes(tmp_path / "data", ["one"], str(tmp_path / "takes"), quiet)
    with pytest.raises(NoSuchTake):
        push_takes(tmp_path / "data", ["two"], str(tmp_path / "takes"), quiet)


def test_what_is_of_another_kind_is_not_written_over(
    folder: Path, tmp_path: Path, url: str
) -> None:
    numbered_take(tmp_path / "data", "one", NumberedTake(ticks=3))
    push_takes(tmp_path / "data", ["one"], url, quiet)
    with pytest.raises(SentBefore, match="are takes"):
        push_folder(folder, url, quiet)
    assert pull(url, tmp_path / "new", quiet).takes == ["one"]
    other = f"{url}-other"
    push_folder(folder, other, quiet)
    with pytest.raises(SentBefore, match="another kind"):
        push_takes(tmp_path / "data", ["one"], other, quiet)


def test_a_manifest_that_was_torn_is_made_anew(folder: Path, tmp_path: Path, url: str) -> None:
    push_folder(folder, url, quiet)
    altered(url, MANIFEST, b'{"version": 1, "ki')
    assert push_folder(folder, url, quiet).sent == 3
    pull(url, tmp_path / "new", quiet)
    assert content_of(tmp_path / "new") == FILES


def test_labels_that_go_on_while_they_are_sent_arrive_as_they_are(tmp_path: Path, url: str) -> None:
    data = tmp_path / "data"
    numbered_take(data, "one", NumberedTake(ticks=3), SetInstruction("lift"))

    def label(message: str, share: float) -> None:
        if message.startswith("sending takes/one/labels") and not said:
            said.append(message)
            Labels.open(data / "takes" / "one").add([SetInstruction("lift it")], "Ada")

    said: list[str] = []
    push_takes(data, ["one"], url, label)
    pull(url, tmp_path / "new", quiet)
    labels = Labels.open(tmp_path / "new" / "takes" / "one")
    assert labels.snapshot.instruction == "lift it"


def test_where_it_cannot_be_told_what_is_there_nothing_is_written(
    folder: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_folder(folder, url, quiet)
    files, _ = fsspec.core.url_to_fs(url)

    def away(path: str, **how: object) -> None:
        raise TimeoutError("no answer")

    monkeypatch.setattr(type(files), "info", lambda self, path, **how: away(path))
    with pytest.raises(CannotReach, match="no answer"):
        push_folder(folder, url, quiet)


def test_a_take_that_is_being_recorded_is_not_sent(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "takes" / "one"
    numbered_take(tmp_path / "data", "one", NumberedTake(ticks=3))
    (folder / "writing.lock").touch()
    push_takes(tmp_path / "data", ["one"], str(tmp_path / "elsewhere"), quiet)
    assert not list((tmp_path / "elsewhere").rglob("*.lock"))
    (folder / "take.h5").rename(folder / "take.h5.partial")
    with pytest.raises(TakeMissing):
        push_takes(tmp_path / "data", ["one"], str(tmp_path / "elsewhere"), quiet)


def test_takes_are_added_to_no_other_folder(folder: Path, tmp_path: Path) -> None:
    numbered_take(tmp_path / "data", "one", NumberedTake(ticks=3))
    push_takes(tmp_path / "data", ["one"], str(tmp_path / "elsewhere"), quiet)
    with pytest.raises(OtherKind, match="Name a data folder"):
        pull(str(tmp_path / "elsewhere"), folder, quiet)
