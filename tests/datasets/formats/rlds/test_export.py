"""An export is whole or not there, goes on where it stopped, and tells what is in it."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from numbered_takes import NumberedTake, numbered_take
from rlds_files import RldsFiles, records_in

from teachloop.datasets.formats.episodes.errors import AllLeftOut, NoTakes
from teachloop.datasets.formats.episodes.exported import ExportedTakes
from teachloop.datasets.formats.export import AlreadyThere
from teachloop.datasets.formats.rlds.export import SHARD_BYTES, export_takes
from teachloop.datasets.formats.rlds.options import RldsOptions
from teachloop.datasets.labels.edits import SetSuccess
from teachloop.datasets.labels.labels import Labels

SHORT = NumberedTake(ticks=12)


class Stopped(Exception):
    """Somebody ended the export."""


def export(
    data: Path,
    *takes: str,
    stop_at: float = 2.0,
    shard_bytes: int = SHARD_BYTES,
    **options: Any,
) -> ExportedTakes:
    """``stop_at``: the share at which somebody ends it."""

    def tell(message: str, share: float) -> None:
        if share >= stop_at:
            raise Stopped

    return export_takes(data, takes, RldsOptions(**options), data / "out", tell, shard_bytes)


@pytest.mark.parametrize("stop_at", [0.0, 0.3, 0.5, 0.8, 0.93])
def test_an_interrupted_export_never_looks_complete(
    tmp_path: Path, takes: list[str], stop_at: float
) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=stop_at)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.rglob("dataset_info.json"))
    assert export(tmp_path, *takes).frames == 36
    files = RldsFiles(tmp_path / "out")
    assert [files.shown("image", number) for number in (0, 1)] == [list(range(12))] * 2
    assert files.shown("image", 0, "val") == list(range(12))
    assert {path.name for path in files.root.iterdir()} == {"README.md", "teachloop"}
    assert not (tmp_path / ".out.partial").exists()


def test_what_was_made_of_a_take_is_kept_also_for_another_name(
    tmp_path: Path, takes: list[str]
) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.6)
    pieces = tmp_path / ".out.partial" / "pieces"
    made = {path: path.stat().st_mtime_ns for path in pieces.glob("*/*")}
    assert {path.name for path in made} == {"episode.json", "episode.tfrecord", "numbers.npz"}
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.9, name="cubes")
    assert made == {path: path.stat().st_mtime_ns for path in made}


def test_what_was_put_together_under_another_name_is_not_left_in_it(
    tmp_path: Path, takes: list[str]
) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.93)
    assert (tmp_path / ".out.partial" / "teachloop").exists()
    export(tmp_path, *takes, name="cubes")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"README.md", "cubes"}


def test_what_changed_meanwhile_is_made_anew(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.9)
    Labels.open(tmp_path / "takes" / "two").apply([SetSuccess(True)], 0, "Ada")
    export(tmp_path, *takes, rate_hz=10)
    files = RldsFiles(tmp_path / "out")
    assert [files.text("episode_metadata/success", number) for number in (0, 1)] == ["", "yes"]
    assert files.shown("image", 1) == [0, 2, 4, 6, 8, 10]


def test_memory_does_not_grow_with_the_take(tmp_path: Path) -> None:
    """Of the 400 pictures, 370 MB as they are shown, a few are held at once, and not the record."""
    long = NumberedTake(ticks=400, size=(96, 128), cameras=("front",))
    numbered_take(tmp_path, "long", long)
    tracemalloc.start()
    export(tmp_path, "long", size=(480, 640))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (path,) = RldsFiles(tmp_path / "out").paths("train")
    assert peak < 4_500_000 < 5_000_000 < path.stat().st_size


def test_what_is_there_is_never_written_over(tmp_path: Path, takes: list[str]) -> None:
    export(tmp_path, *takes)
    with pytest.raises(AlreadyThere):
        export(tmp_path, *takes)


def test_whole_takes_are_held_out_for_validation(tmp_path: Path) -> None:
    takes = [numbered_take(tmp_path, f"t{n}", NumberedTake(ticks=1)) for n in range(21)]
    export(tmp_path, *takes)
    files = RldsFiles(tmp_path / "out")
    held_out = [files.text("episode_metadata/file_path", number, "val") for number in (0, 1)]
    assert held_out == ["takes/t9", "takes/t19"]
    assert files.splits["train"]["shardLengths"] == ["19"]


def test_one_take_is_for_training(tmp_path: Path) -> None:
    export(tmp_path, numbered_take(tmp_path, "one", SHORT))
    assert list(RldsFiles(tmp_path / "out").splits) == ["train"]


def test_a_large_data_set_lies_in_several_files(tmp_path: Path) -> None:
    takes = [numbered_take(tmp_path, f"t{n}", SHORT) for n in range(8)]
    export(tmp_path, *takes, shard_bytes=1)
    one = RldsFiles(tmp_path / "out").paths("train")[0].stat().st_size
    (tmp_path / "out").rename(tmp_path / "before")
    export(tmp_path, *takes, shard_bytes=3 * one + one // 2, name="cubes")
    files = RldsFiles(tmp_path / "out", "cubes")
    assert files.splits["train"]["shardLengths"] == ["3", "3", "1"]
    assert [len(list(records_in(path))) for path in files.paths("train")] == [3, 3, 1]
    found = {path.name for path in files.folder.glob("*tfrecord*")}
    assert found == {path.name for split in ("train", "val") for path in files.paths(split)}
    assert "cubes-train.tfrecord-00002-of-00003" in found
    said = int(files.splits["train"]["numBytes"])
    assert said == sum(path.stat().st_size for path in files.paths("train"))


def test_it_says_where_it_comes_from(tmp_path: Path) -> None:
    how = NumberedTake(ticks=10, rate_hz=12.5)
    export(tmp_path, numbered_take(tmp_path, "one", how), name="cubes")
    files = RldsFiles(tmp_path / "out", "cubes")
    info = files.said("dataset_info.json")
    assert (info["name"], info["version"], info["fileFormat"]) == ("cubes", "1.0.0", "tfrecord")
    assert "12.5 Hz" in info["description"]
    about = files.said("teachloop.json")
    assert about["embodiment"]["gripper"]["opening_m"] == 0.08
    assert (len(about["action"]), len(about["state"])) == (7, 8)


def test_a_take_that_has_no_place_is_left_out_with_the_reason(
    tmp_path: Path, takes: list[str]
) -> None:
    numbered_take(tmp_path, "silent", NumberedTake(ticks=12, fields={"instruction": ""}))
    numbered_take(tmp_path, "moved", NumberedTake(ticks=12, at_the_hand=("wrist",)))
    done = export(tmp_path, *takes, "silent", "moved")
    assert (done.episodes, done.frames) == (3, 36)
    assert set(done.left_out) == {"silent", "moved"}
    assert "no instruction" in done.left_out["silent"]
    assert "'wrist' is mounted elsewhere" in done.left_out["moved"]


def test_a_record_that_tensorflow_does_not_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teachloop.datasets.formats.rlds.piece.MOST_BYTES", 5_000)
    with pytest.raises(AllLeftOut, match="say a smaller size or rate"):
        export(tmp_path, numbered_take(tmp_path, "one", SHORT))
    assert not (tmp_path / "out").exists()


def test_no_takes_are_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(NoTakes):
        export(tmp_path)
