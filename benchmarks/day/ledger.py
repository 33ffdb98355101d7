"""What the product said that it has, and whether it still has it: takes, what people said about
them, jobs, checkpoints and adapters."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from teachloop.datasets.labels.edits import Edit
from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.take_folder import LABELS, TAKE, TAKES
from teachloop.jobs.folder import JobFolder
from teachloop.runtime.errors import TeachloopError
from teachloop.training.adapters.registry import get_adapter, sha256_of
from teachloop.training.grounded.base import load_checkpoint

CHECKPOINT = "checkpoint.pt"
Step = tuple[int, float]  # stage, and step in it; a finished stage is the next one's beginning


@dataclass(slots=True)
class TakeEntry:
    """A take that was recorded, and what was answered about it since."""

    digest: str = ""  # of its file, once it was looked at
    silent: Collection[str] = ()  # devices of which its review said that nothing came
    binned: set[bool] = field(default_factory=lambda: {False})  # what it may be
    said: dict[int, str] = field(default_factory=dict)  # revision -> text that it must hold
    log: bytes = b""  # as it was found last: it is only added to


class Ledger:
    """Everything acknowledged. Nothing is ever taken out of it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.takes: dict[str, TakeEntry] = {}
        self.jobs: dict[str, Step] = {}
        self.adapters: dict[str, str] = {}  # id -> digest of its folder's weights

    @property
    def acknowledged(self) -> int:
        """How many things, edits among them."""
        edits = sum(len(take.said) for take in self.takes.values())
        return len(self.takes) + edits + len(self.jobs) + len(self.adapters)

    def took(self, take: str, silent: Collection[str] = ()) -> None:
        """A take was recorded; its review said that devices were silent."""
        self.takes.setdefault(take, TakeEntry(silent=silent))

    def said(self, take: str, revision: int, text: str = "") -> None:
        """Something was said about a take."""
        self.takes[take].said[revision] = text

    def may_bin(self, take: str) -> None:
        """The bin was asked for, or for its return; until it is answered both may be."""
        self.takes[take].binned = {False, True}

    def binned(self, take: str, binned: bool) -> None:
        self.takes[take].binned = {binned}

    def submitted(self, job: str) -> None:
        self.jobs.setdefault(job, (-1, 0.0))

    def trained(self, adapter: str) -> None:
        self.adapters.setdefault(adapter, "")

    def lost(self) -> list[str]:
        """What is not there any more, or not as it was; in words."""
        return [
            *(f"take {name}: {what}" for name in self.takes for what in self._take(name)),
            *(f"job {name}: {what}" for name in self.jobs for what in self._job(name)),
            *(f"adapter {name}: {what}" for name in self.adapters for what in self._adapter(name)),
        ]

    def _take(self, name: str) -> Iterator[str]:
        folder, entry = self.data / TAKES / name, self.takes[name]
        try:
            digest = hashlib.sha256((folder / TAKE).read_bytes()).hexdigest()
        except OSError as error:
            yield f"cannot be read: {error}"
            return
        if not entry.digest:
            told = [_nothing_of(device) for device in entry.silent]
            yield from (str(found) for found in check(folder) if found.what not in told)
            entry.digest = digest
        elif digest != entry.digest:
            yield "its file has changed"
        yield from self._labels(folder, entry)

    def _labels(self, folder: Path, entry: TakeEntry) -> Iterator[str]:
        path = folder / LABELS / LOG
        try:
            content = path.read_bytes() if path.exists() else b""
            labels = Labels.open(folder)
            history = labels.history()
        except (TeachloopError, OSError) as error:
            yield f"its labels cannot be read: {error}"
            return
        whole = content[: content.rfind(b"\n") + 1]
        if not whole.startswith(entry.log):
            yield "what was said about it has changed"
        entry.log = whole
        for revision, text in entry.said.items():
            if len(history) < revision:
                yield f"revision {revision} is not there"
            elif text and not any(text in _words(edit) for edit in history[revision - 1].edits):
                yield f"revision {revision} does not say {text!r}"
        if labels.snapshot.deleted not in entry.binned:
            yield f"it is {'' if labels.snapshot.deleted else 'not '}in the bin"

    def _job(self, name: str) -> Iterator[str]:
        job = JobFolder(self.data / "jobs" / name)
        try:
            _ = job.spec, job.status
        except TeachloopError as error:
            yield str(error)
            return
        before, now = self.jobs[name], _step(job.path / CHECKPOINT)
        if now < before:
            yield f"its checkpoint is of stage and step {now}, and was of {before}"
        self.jobs[name] = max(before, now)

    def _adapter(self, name: str) -> Iterator[str]:
        try:
            digest = sha256_of(get_adapter(self.data, name).path)
        except TeachloopError as error:
            yield str(error)
            return
        if self.adapters[name] not in ("", digest):
            yield "its files have changed"
        self.adapters[name] = digest


def _nothing_of(device: str) -> str:
    """As `teachloop check` has it."""
    return f"it holds nothing of {device if device == 'robot' else f'camera {device!r}'}"


def _words(edit: Edit) -> str:
    return repr(edit)


def _step(checkpoint: Path) -> Step:
    state = load_checkpoint(checkpoint)
    if state is None:
        return (-1, 0.0)
    stage, step = state.get("stage", 0), state.get("step", 0)
    return (stage if isinstance(stage, int) else 0, float(step) if isinstance(step, int) else 0.0)
