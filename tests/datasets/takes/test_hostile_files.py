"""A take that somebody sent: it reads no other file, unfolds to no gigabytes, and says what is
wrong with it."""

import os
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from teachloop.datasets.alignment import NothingToAlign, align, tick_times
from teachloop.datasets.catalog import Catalog
from teachloop.datasets.errors import LabelsUnreadable, TakeDamaged, WrongRecord
from teachloop.datasets.labels.edits import SetSuccess
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.depth import decode_depth, encode_depth
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg, jpeg_size
from teachloop.datasets.takes.reader import Take

JPEGS = "cameras/front/jpeg"


def changed(path: Path, change: Callable[[h5py.File], None]) -> Path:
    """The take with a change in it and the checksum that fits."""
    with h5py.File(path, "r+") as file:
        change(file)
    write_checksum(path)
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A file with the same data set at the same place, which is nobody's to read."""
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file[JPEGS] = np.frombuffer(b"private" * 3000, np.uint8)
    (tmp_path / "other.bin").write_bytes(b"private" * 3000)
    return tmp_path


def _replaced(file: h5py.File, name: str, link: object) -> None:
    del file[name]
    file[name] = link


@pytest.mark.parametrize("name", [JPEGS, "cameras/front", "cameras"])
@pytest.mark.parametrize("kind", ["external", "soft"])
def test_links_lead_nowhere(recording, other: Path, name: str, kind: str) -> None:
    link = (
        h5py.ExternalLink(str(other / "other.h5"), f"/{name}")
        if kind == "external"
        else h5py.SoftLink("/robot")
    )
    path = changed(recording.take(3), lambda file: _replaced(file, name, link))
    with pytest.raises(TakeDamaged, match="is a link to somewhere else, which is not followed"):
        Take.open(path)
    assert [fault for fault in check(path) if "link" in fault.what]


def _external(file: h5py.File, other: Path) -> None:
    rows = len(file[JPEGS])  # type: ignore[arg-type]
    del file[JPEGS]
    place = [(str(other / "other.bin"), 0, h5py.h5f.UNLIMITED)]
    file.create_dataset(JPEGS, (rows,), "u1", external=place)


def _virtual(file: h5py.File, other: Path) -> None:
    rows = len(file[JPEGS])  # type: ignore[arg-type]
    layout = h5py.VirtualLayout((rows,), "u1")
    layout[:] = h5py.VirtualSource(str(other / "other.h5"), JPEGS, (21000,))[:rows]
    del file[JPEGS]
    file.create_virtual_dataset(JPEGS, layout)


@pytest.mark.parametrize("change", [_external, _virtual])
def test_rows_of_another_file_are_not_read(
    recording, other: Path, change: Callable[[h5py.File, Path], None]
) -> None:
    path = changed(recording.take(3), lambda file: change(file, other))
    with pytest.raises(TakeDamaged, match="lie in another file, which is not followed"):
        Take.open(path)


def test_no_chunk_unfolds_to_what_the_file_does_not_hold(recording) -> None:
    def huge_chunk(file: h5py.File) -> None:
        rows = file[JPEGS][:]  # type: ignore[index]
        del file[JPEGS]
        file.create_dataset(JPEGS, data=rows, chunks=(1 << 26,), maxshape=(None,), compression=4)

    path = changed(recording.take(3), huge_chunk)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(TakeDamaged, match="has chunks of 67108864 bytes, which no take has"):
        Take.open(path)


def test_an_image_that_claims_gigabytes_is_refused_before_it_is_decoded() -> None:
    jpeg = encode_jpeg(np.zeros((8, 8, 3), np.uint8))
    bomb = jpeg.replace(b"\0\x08\0\x08", b"\xfa\0\xfa\0")  # 64,000 × 64,000: 12 GB
    for look in (jpeg_size, decode_jpeg):
        with pytest.raises(WrongRecord, match="64000 × 64000 pixels"):
            look(bomb)


def test_a_depth_that_claims_gigabytes_is_refused_before_it_is_unpacked() -> None:
    packed = encode_depth(np.zeros((8, 8), np.uint16))
    with pytest.raises(WrongRecord, match="Not a depth image of a camera"):
        decode_depth(packed, 1 << 17, 1 << 17)


def test_an_image_of_another_size_than_its_camera_is_damage(recording) -> None:
    def smaller(file: h5py.File) -> None:
        text = np.asarray(file.attrs["cameras"]).item()
        text = text.decode() if isinstance(text, bytes) else str(text)
        del file.attrs["cameras"]
        file.attrs["cameras"] = np.bytes_(text.replace('"width": 32', '"width": 16').encode())

    with Take.open(changed(recording.take(3), smaller)) as take:
        wrong = r"has \(24, 32\) pixels, not \(24, 16\)"
        with pytest.raises(WrongRecord, match=wrong):
            take.image("front", 0)
        with pytest.raises(WrongRecord, match=wrong):
            take.image_at_least("front", 0, 8, 8)


def test_one_time_that_cannot_be_makes_no_billion_ticks(recording) -> None:
    far_ns = [1_000_000_000, 1_050_000_000, (1 << 62)]
    with Take.open(recording.take(3, times_ns=far_ns)) as take:  # noqa: SIM117
        with pytest.raises(NothingToAlign, match="3 actions over 4611686017 s are no take's"):
            align(take)


def test_times_at_both_ends_of_what_64_bits_hold_are_refused() -> None:
    ends = np.array([-(1 << 63), (1 << 63) - 1])
    with pytest.raises(NothingToAlign, match="2 actions over"):
        tick_times(ends, 20.0, 20.0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("intrinsics", [[0.0] * 3] * 3),
        ("intrinsics", [[1.0, 0, 0], [0, -1, 0], [0, 0, 1]]),
        ("intrinsics", [1.0] * 9),
        ("intrinsics", [[1e300, 0, 0], [0, 1, 0], [0, 0, 1]]),
        ("pose", [[1.0, 0, 0, 1e9], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]),
        ("mount", "ceiling"),
        ("width", 1 << 20),
        ("calibrated", "yes"),
    ],
)
def test_a_camera_that_cannot_be_is_named(recording, field: str, value: object) -> None:
    path = recording.take(3)
    with Take.open(path) as take:
        info = take.info
    values = info.to_dict()
    values["cameras"]["front"][field] = value
    with pytest.raises(ValueError, match=rf"cameras\.front\.{field}"):
        type(info).from_dict(values)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize(("table", "column"), [("robot", "ee_pose"), ("actions", "requested_pose")])
def test_what_is_no_pose_is_damage(recording, table: str, column: str, value: float) -> None:
    def bent(file: h5py.File) -> None:
        samples = file[f"{table}/samples"]
        assert isinstance(samples, h5py.Dataset)
        rows = samples[:]
        rows[column][1, 0, 3] = value
        samples[:] = rows

    with Take.open(changed(recording.take(3), bent)) as take:  # noqa: SIM117
        with pytest.raises(TakeDamaged, match=f"{column}' holds what is no pose"):
            getattr(take, table)


@pytest.mark.parametrize("measures", [None, "mood", ["mood"] * 1000, [None], {}])
def test_a_robot_measures_what_is_known_and_the_refusal_is_short(
    recording, measures: object
) -> None:
    with Take.open(recording.take(3)) as take:
        info = take.info
    with pytest.raises(ValueError, match="robot_measures") as refused:
        type(info).from_dict({**info.to_dict(), "robot_measures": measures})
    assert len(str(refused.value)) < 400


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "name", ["take.h5", "take.h5.partial", "writing.lock", "labels/edits.jsonl",
             "labels/snapshot.json"],
)  # fmt: skip
def test_nothing_waits_for_a_pipe_in_the_place_of_a_file(recording, name: str) -> None:
    folder: Path = recording.take(2).parent
    Labels.open(folder).apply([SetSuccess(True)], 0, "Ada")
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    data = folder.parent.parent
    with Catalog(data) as catalog:
        catalog.refresh()
        assert len(catalog.takes()) == (name != "take.h5")
    assert bool(check(data)) == (name != "writing.lock")


def test_what_is_said_is_not_said_to_a_device(recording) -> None:
    folder: Path = recording.take(2).parent
    (folder / "labels").mkdir()
    (folder / "labels" / "edits.jsonl").symlink_to("/dev/null")
    with pytest.raises(LabelsUnreadable, match="it is no file"):
        Labels.open(folder).apply([SetSuccess(True)], 0, "Ada")
