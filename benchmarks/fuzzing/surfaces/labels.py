"""What was said about a take: the log of edits and its snapshot."""

import json
import shutil
import zlib
from pathlib import Path

import numpy as np

from teachloop.app.web.take_list import ListedTake
from teachloop.datasets.catalog_rows import index_take
from teachloop.datasets.errors import LabelsDamaged
from teachloop.datasets.labels.edit_log import CHECKSUM
from teachloop.datasets.labels.edits import SetNote
from teachloop.datasets.labels.labels import LOG, SNAPSHOT, Labels
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.quality.task_findings import judged
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.take_folder import LABELS
from teachloop.datasets.takes.trash import put_in_bin, take_out_of_bin
from teachloop.labeler.diff import patch
from teachloop.labeler.take_frames import Recorded
from teachloop.labeler.updates import Steps
from teachloop.runtime.errors import TeachloopError

from ..mutators import Mutator, json_text
from ..samples import label, record
from ..surface import Accepted

RECORDED = Recorded("as recorded", np.arange(10))
STEPS = Steps(can_undo=False, can_redo=False, propagating=False, provisional=[])


class LabelFiles:
    """A take's labels, written anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._take = record(folder / "data")
        label(self._take)
        self._labels = self._take / LABELS
        self._log = (self._labels / LOG).read_bytes()
        self._snapshot = json.loads((self._labels / SNAPSHOT).read_bytes())
        self._entries = [json.loads(line) for line in self._log.splitlines()]

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._labels)
        self._labels.mkdir()
        self._write(m)
        check(self._take)
        row = index_take(self._take)
        said = judged([row])[row.take_id]
        ListedTake.of(row, 1, said) if not row.damaged else None
        try:
            self._use()
        except TeachloopError as error:
            return str(error)
        return ""

    def _write(self, m: Mutator) -> None:
        how = m.below(10)
        log = self._log
        if how < 3:
            log = m.changed(self._log)
        elif how < 7:
            log = self._other_entry(m)
        (self._labels / LOG).write_bytes(log)
        if how >= 7 or m.chance(0.3):
            (self._labels / SNAPSHOT).write_bytes(self._other_snapshot(m, log))

    def _other_entry(self, m: Mutator) -> bytes:
        """A line that says something else, with the checksum that fits."""
        lines = self._log.splitlines(keepends=True)
        place = m.below(len(lines))
        entry = dict(self._entries[place])
        entry.pop("crc32")
        text = m.json(entry).replace(b"\n", b" ")
        lines[place] = _sealed(text)
        if m.chance(0.2):
            lines[place] = lines[place].replace(b"\n", b"\r\n")
        return b"".join(lines if m.chance(0.7) else lines[: place + 1])

    def _other_snapshot(self, m: Mutator, log: bytes) -> bytes:
        fitting = {**self._snapshot, "log_bytes": len(log), "log_crc32": zlib.crc32(log)}
        if m.chance(0.7):
            inner = m.value(self._snapshot["snapshot"])
            return json_text({**fitting, "snapshot": inner})
        return m.json(fitting)

    def _use(self) -> None:
        labels = Labels.open(self._take)
        patch(Snapshot(), labels.snapshot, RECORDED, STEPS).model_dump_json()
        try:
            labels.at(labels.revision)
        except LabelsDamaged:  # the snapshot hides what the log cannot tell any more
            return
        revision = labels.apply([SetNote("said later")], labels.revision, "Ada")
        labels.save_snapshot()
        put_in_bin(self._take, "Ada")
        take_out_of_bin(self._take, "Ada")
        again = Labels.open(self._take)
        if again.revision < revision or again.snapshot.note != "said later":
            raise Accepted(f"revision {again.revision} with the note {again.snapshot.note!r}")


def _sealed(text: bytes) -> bytes:
    body = text[:-1]
    return b'%s%s%08x"}\n' % (body, CHECKSUM, zlib.crc32(body))


SURFACE = LabelFiles
