"""An export is whole or not there, goes on where it stopped, and is what readers expect."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from full_takes import full_take
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from mcap_files import McapFile
from numbered_takes import START_NS, NumberedTake, numbered_take

from teachloop.datasets.errors import TakeRefused
from teachloop.datasets.formats.episodes.errors import (
    AllLeftOut,
    MixedCameras,
    NoTakes,
    NothingRecorded,
)
from teachloop.datasets.formats.episodes.exported import ExportedTakes
from teachloop.datasets.formats.export import AlreadyThere
from teachloop.datasets.formats.mcap.export import export_takes
from teachloop.datasets.formats.mcap.options import McapOptions
from teachloop.datasets.labels.edits import SetDeleted, SetSuccess, SetTrim
from teachloop.datasets.labels.label_values import Trim
from teachloop.datasets.labels.labels import Labels

TICK_NS = 50_000_000
MAGIC = b"\x89MCAP0\r\n"


class Stopped(Exception):
    """Somebody ended the export."""


def export(data: Path, *takes: str, stop_at: float = 2.0, **options: Any) -> ExportedTakes:
    """``stop_at``: the share at which somebody ends it."""

    def tell(message: str, share: float) -> None:
        if share >= stop_at:
            raise Stopped

    return export_takes(data, takes, McapOptions(**options), data / "out", tell)


@pytest.mark.parametrize("stop_at", [0.0, 0.2, 0.5, 0.9, 0.992])
def test_an_interrupted_export_never_looks_complete(
    tmp_path: Path, takes: list[str], stop_at: float
) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=stop_at)
    assert not (tmp_path / "out").exists()
    done = export(tmp_path, *takes)
    assert (done.episodes, done.frames) == (3, 72)
    found = {path.name for path in (tmp_path / "out").iterdir()}
    assert found == {"README.md", *(f"{take}.mcap" for take in takes)}
    for take in takes:
        assert len(McapFile(tmp_path / "out" / f"{take}.mcap").of("/cameras/front/image")) == 12
    assert not (tmp_path / ".out.partial").exists()


def test_a_file_that_was_not_finished_is_not_kept(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.5)
    pieces = tmp_path / ".out.partial" / "pieces"
    assert {path.parent.name for path in pieces.glob("*/*.mcap")} == {"one"}
    made = {path: path.stat().st_mtime_ns for path in pieces.glob("*/*.mcap")}
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.991)
    assert {path: path.stat().st_mtime_ns for path in made} == made


def test_what_changed_meanwhile_is_made_anew(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.991)
    Labels.open(tmp_path / "takes" / "two").apply([SetSuccess(True)], 0, "Ada")
    export(tmp_path, *takes[:2], cameras=("wrist",))
    files = [McapFile(path) for path in sorted((tmp_path / "out").glob("*.mcap"))]
    assert [file.path.stem for file in files] == ["one", "two"]
    assert [file.about["success"] for file in files] == ["", "yes"]
    assert not any(file.of("/cameras/front/image") for file in files)


def test_what_is_there_is_never_written_over(tmp_path: Path, takes: list[str]) -> None:
    export(tmp_path, *takes)
    with pytest.raises(AlreadyThere):
        export(tmp_path, *takes)


def test_memory_does_not_grow_with_the_take(tmp_path: Path) -> None:
    """Of the 600 pictures, a few are held at once, and not the file."""
    long = NumberedTake(ticks=150, size=(480, 640), cameras=("front", "wrist", "top", "side"))
    numbered_take(tmp_path, "short", NumberedTake(ticks=3))
    export_takes(tmp_path, ["short"], McapOptions(), tmp_path / "before", lambda text, share: None)
    numbered_take(tmp_path, "long", long)
    tracemalloc.start()
    export(tmp_path, "long")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    file = McapFile(tmp_path / "out" / "long.mcap")
    size = sum(len(each.message.data) for each in file.logged if each.topic.endswith("/image"))
    assert peak < 4_000_000 < 5_000_000 < size


def test_readers_find_all_of_it(tmp_path: Path) -> None:
    export(tmp_path, full_take(tmp_path))
    file = McapFile(tmp_path / "out" / "full.mcap")
    content = file.path.read_bytes()
    assert content.startswith(MAGIC)
    assert content.endswith(MAGIC)
    statistics = file.summary.statistics
    assert statistics.message_count == len(file.logged)
    assert statistics.metadata_count == 2
    assert {channel.message_encoding for channel in file.summary.channels.values()} == {"protobuf"}
    times_ns = [each.log_ns for each in file.logged]
    assert times_ns == sorted(times_ns)
    assert [statistics.message_start_time, statistics.message_end_time] == [
        *(times_ns[0], times_ns[-1])
    ]
    assert {index.compression for index in file.summary.chunk_indexes} == {"zstd"}


def test_each_schema_describes_its_messages_by_itself(tmp_path: Path) -> None:
    export(tmp_path, full_take(tmp_path))
    file = McapFile(tmp_path / "out" / "full.mcap")
    for schema in file.summary.schemas.values():
        assert schema.encoding == "protobuf"
        pool = DescriptorPool()
        for described in FileDescriptorSet.FromString(schema.data).file:
            pool.Add(described)  # those that it needs come before it
        assert pool.FindMessageTypeByName(schema.name).full_name == schema.name
    schemas = {each.topic: each.schema for each in file.logged}
    assert schemas["/cameras/wrist/image"] == "foxglove.CompressedImage"
    assert schemas["/cameras/wrist/depth"] == "foxglove.RawImage"
    assert schemas["/cameras/wrist/calibration"] == "foxglove.CameraCalibration"
    assert schemas["/tf"] == schemas["/tf_static"] == "foxglove.FrameTransforms"
    assert schemas["/robot/joint_states"] == "foxglove.JointStates"
    assert schemas["/events"] == "foxglove.Log"


def test_what_was_trimmed_is_not_there(tmp_path: Path) -> None:
    trim = SetTrim(Trim(START_NS + 5 * TICK_NS, START_NS + 12 * TICK_NS))
    export(tmp_path, numbered_take(tmp_path, "one", NumberedTake(ticks=20), trim))
    file = McapFile(tmp_path / "out" / "one.mcap")
    offset_ns = int(file.about["clock_offset_ns"]) + START_NS
    expected = list(range(5, 12))
    for topic in ("/cameras/front/image", "/robot/joint_states", "/robot/readings", "/actions"):
        assert [(each.log_ns - offset_ns) // TICK_NS for each in file.of(topic)] == expected
    assert {(each.log_ns - offset_ns) // TICK_NS for each in file.logged} == set(expected)


def test_takes_need_not_be_alike(tmp_path: Path) -> None:
    numbered_take(tmp_path, "one", NumberedTake(ticks=6))
    numbered_take(tmp_path, "fast", NumberedTake(ticks=7, rate_hz=30.0, cameras=("top",)))
    numbered_take(tmp_path, "bare", NumberedTake(ticks=8, gripper=None, size=(48, 64)))
    done = export(tmp_path, "one", "fast", "bare")
    assert (done.episodes, done.frames) == (3, 12 + 7 + 16)
    assert len(McapFile(tmp_path / "out" / "fast.mcap").of("/cameras/top/image")) == 7


def test_a_take_with_nothing_left_is_left_out_with_the_reason(
    tmp_path: Path, takes: list[str]
) -> None:
    before = SetTrim(Trim(1, 2))
    numbered_take(tmp_path, "cut", NumberedTake(ticks=6), before)
    done = export(tmp_path, *takes, "cut")
    assert done.episodes == 3
    assert "nothing was recorded between the ends" in done.left_out["cut"]
    assert not (tmp_path / "out" / "cut.mcap").exists()


def test_a_damaged_take_is_left_out_with_the_reason(tmp_path: Path, takes: list[str]) -> None:
    path = tmp_path / "takes" / "two" / "take.h5"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = export(tmp_path, *takes)
    assert list(done.left_out) == ["two"]
    assert "damaged" in done.left_out["two"]
    with pytest.raises(AllLeftOut, match="two"):
        export_takes(tmp_path, ["two"], McapOptions(), tmp_path / "none", lambda text, share: None)


def test_a_take_whose_labels_are_damaged_is_left_out_with_the_reason(
    tmp_path: Path, takes: list[str]
) -> None:
    take = tmp_path / "takes" / "two"
    Labels.open(take).apply([SetSuccess(True)], 0, "test")
    log = take / "labels" / "edits.jsonl"
    log.write_bytes(b"half a line\n" + log.read_bytes())
    done = export(tmp_path, *takes)
    assert list(done.left_out) == ["two"]
    assert "labels" in done.left_out["two"]


def _binned(data: Path) -> None:
    numbered_take(data, "one", NumberedTake(ticks=3), SetDeleted(True))


def _one(data: Path) -> None:
    numbered_take(data, "one", NumberedTake(ticks=3))


def _pictures(data: Path) -> None:
    numbered_take(data, "one", NumberedTake(ticks=3, fields={"kind": "pictures"}))


@pytest.mark.parametrize(
    ("record", "options", "error", "words"),
    [
        (_binned, {}, TakeRefused, "in the bin"),
        (_one, {"cameras": ("top",)}, MixedCameras, "has no camera top .it has: front, wrist"),
        (_pictures, {}, NothingRecorded, "pictures without a robot"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    tmp_path: Path,
    record: Callable[[Path], None],
    options: dict[str, Any],
    error: type[Exception],
    words: str,
) -> None:
    record(tmp_path)
    with pytest.raises(error, match=words):
        export(tmp_path, "one", **options)
    assert not (tmp_path / ".out.partial").exists()


def test_no_takes_are_no_export(tmp_path: Path) -> None:
    with pytest.raises(NoTakes):
        export(tmp_path)
