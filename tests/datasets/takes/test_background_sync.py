"""The end of a long take has little left to do, and its checksum is right."""

import errno
import os
import threading
import time

import h5py
import numpy as np
import pytest
from isal.isal_zlib import crc32

from teachloop.datasets.errors import TakeDamaged, TakeNotWritable
from teachloop.datasets.takes import background_sync
from teachloop.datasets.takes.checksum import verify
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.recover import recover
from teachloop.datasets.takes.streams import FEW_CHUNKS, Streams
from teachloop.datasets.takes.take_folder import PARTIAL, TAKE
from teachloop.datasets.takes.writer import TakeWriter

NOISE = np.random.default_rng(0).integers(0, 255, (512, 512, 3), np.uint8)
JPEG = encode_jpeg(NOISE)  # about 400 kB
FRAMES = 24


def append_frames(writer: TakeWriter, frames: range) -> None:
    for number in frames:
        for camera in ("front", "wrist"):
            writer.append_frame(camera, number, number, number, JPEG)
        writer.append_event(number, "mark", "between the pictures")
        writer.flush()


def test_a_long_take_has_the_right_checksum(recording, monkeypatch) -> None:
    monkeypatch.setattr(background_sync, "SYNC_S", 0.01)
    with recording.writer() as writer:
        append_frames(writer, range(FRAMES))
        path = writer.finish()
    verify(path)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)  # within what was synced
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(TakeDamaged, match="checksum differs"):
        verify(path)


def test_what_is_final_is_not_read_again_at_the_end(recording, monkeypatch) -> None:
    """So bytes of it that change behind the writer's back are found by the checksum."""
    read: list[int] = []

    def counted(content: bytes) -> int:
        read.append(len(content))
        return crc32(content)

    monkeypatch.setattr(background_sync, "SYNC_S", 0.01)
    monkeypatch.setattr(background_sync, "crc32", counted)
    with recording.writer() as writer:
        append_frames(writer, range(FRAMES))
        until = time.monotonic() + 60
        while len(read) < 2 * FEW_CHUNKS and time.monotonic() < until:
            time.sleep(0.01)
        partial = writer.folder / PARTIAL
        at = partial.read_bytes().index(JPEG[:1000]) + 500
        with partial.open("r+b") as file:
            file.seek(at)
            file.write(b"changed")
        path = writer.finish()
    with pytest.raises(TakeDamaged, match="checksum differs"):
        verify(path)


def test_nearly_all_of_it_is_final_early_and_stays_as_it_is(recording, tmp_path) -> None:
    path, seen = tmp_path / "growing.h5", {}
    with h5py.File(path, "w", libver="latest", userblock_size=512) as file:
        streams = Streams(file, recording.info("a"))
        file.swmr_mode = True
        for number in range(FRAMES):
            for camera in ("front", "wrist"):
                payload = np.frombuffer(JPEG, np.uint8)
                streams.records[f"cameras/{camera}"].append((number, number, number), payload)
            streams.write()
            file.flush()
            content = path.read_bytes()
            for each in streams.full_chunks():
                seen[each.offset] = content[each.offset : each.offset + each.length]
    content = path.read_bytes()
    assert all(content[offset:].startswith(piece) for offset, piece in seen.items())
    assert sum(map(len, seen.values())) > 0.75 * len(content)


def test_a_disk_that_refuses_what_was_written_is_told_and_nothing_is_lost(
    recording, monkeypatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(background_sync, "SYNC_S", 0.01)
    with recording.writer() as writer:
        append_frames(writer, range(3))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fdatasync", refuse)
            wait_for_the_disk()
        with pytest.raises(TakeNotWritable, match="Input/output"):
            append_frames(writer, range(3, 4))
        with pytest.raises(TakeNotWritable, match="Input/output"):
            writer.finish()
    (done,) = recover(recording.takes)
    assert "recovered" in str(done)
    verify(writer.folder / TAKE)


def wait_for_the_disk() -> None:
    """Wait until the disk was asked to."""
    for thread in threading.enumerate():
        if thread.name == "background-sync":
            thread.join(10)
