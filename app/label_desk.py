"""Labeling sessions of the takes that are open in some window."""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..datasets.edits import ObjectLabel, Snapshot
from ..datasets.errors import TeachloopError
from ..labeler.changes import Change
from ..labeler.session import LabelingSession
from .errors import UnknownMessage
from .label_patch import Patch, patch, whole
from .shelf import Shelf

AUTHOR = "browser"
KEPT_OPEN = 4
TELL_S = 0.1  # progress is told at most that often
TEXT_LIMIT = 500
Tell = Callable[..., None]  # tell(kind, **content); may be called from any thread
Fields = dict[str, Any]


@dataclass(slots=True)
class OpenTake:
    """One take that is being labelled."""

    session: LabelingSession
    recorded: str  # instruction
    cancelled: threading.Event = field(default_factory=threading.Event)
    propagating: bool = False


class LabelDesk:
    """Does what windows ask of the labels of takes; the work runs in threads."""

    def __init__(self, shelf: Shelf, tell: Tell) -> None:
        self.shelf = shelf
        self.tell = tell
        self._open: OrderedDict[str, OpenTake] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, take_id: str) -> Patch:
        """All labels of a take. Raises what opening a take may raise."""
        take = self._take(take_id)
        return {**whole(take.session.snapshot, take.recorded), **_steps(take)}

    async def act(self, take_id: str, action: str, fields: Fields) -> Patch:
        """Do one action and return what it changed. Raises TeachloopError in its words."""
        if action == "propagate":
            await asyncio.to_thread(self._begin, take_id, fields)
            return await asyncio.to_thread(self._act, take_id, "look", fields)
        return await asyncio.to_thread(self._act, take_id, action, fields)

    def close(self) -> None:
        with self._lock:
            for take in self._open.values():
                take.cancelled.set()
                take.session.close()
            self._open.clear()

    def _act(self, take_id: str, action: str, fields: Fields) -> Patch:
        if action not in ACTIONS:
            raise UnknownMessage(action, sorted([*ACTIONS, "propagate"]))
        take = self._take(take_id)
        before = take.session.snapshot
        change = ACTIONS[action](take, fields)
        after = take.session.snapshot
        if after.revision != before.revision:
            self.tell("label_changed", take=take_id, revision=after.revision)
        spent_ms = 1000 * change.segmenter_s if change else 0.0
        return self._patch(take, before, after) | {"segmenter_ms": spent_ms}

    def _patch(self, take: OpenTake, before: Snapshot, after: Snapshot) -> Patch:
        return {**patch(before, after, take.recorded), **_steps(take)}

    def _take(self, take_id: str) -> OpenTake:
        folder = self.shelf.folder(take_id)
        with self._lock:
            if take_id not in self._open:
                session = LabelingSession.open(folder, AUTHOR)
                self._open[take_id] = OpenTake(session, self.shelf.instruction(take_id))
                self._close_oldest()
            self._open.move_to_end(take_id)
            return self._open[take_id]

    def _close_oldest(self) -> None:
        idle = [name for name, take in self._open.items() if not take.propagating]
        if len(self._open) > KEPT_OPEN:
            self._open.pop(idle[0]).session.close()

    def _begin(self, take_id: str, fields: Fields) -> None:
        """Start a propagation in a thread of its own; it tells by itself how it goes."""
        take = self._take(take_id)
        if take.propagating:
            return
        take.propagating = True
        take.cancelled.clear()
        arguments = (take_id, take, fields.get("object"))
        threading.Thread(target=self._propagate, args=arguments, daemon=True).start()

    def _propagate(self, take_id: str, take: OpenTake, name: str | None) -> None:
        told = 0.0

        def progress(share: float) -> None:
            nonlocal told
            if time.monotonic() - told > TELL_S:
                told = time.monotonic()
                self.tell("label_progress", take=take_id, state="running", progress=share)

        before = take.session.snapshot
        try:
            progress(0.0)
            take.session.propagate(name, progress, take.cancelled)
            state: Fields = {"state": "cancelled" if take.cancelled.is_set() else "done"}
        except TeachloopError as error:
            state = {"state": "failed", "message": str(error)}
        finally:
            take.propagating = False
        after = take.session.snapshot
        self.tell("label_progress", take=take_id, patch=self._patch(take, before, after), **state)


def _steps(take: OpenTake) -> Fields:
    session = take.session
    return {
        "can_undo": session.can_undo,
        "can_redo": session.can_redo,
        "propagating": take.propagating,
    }


def _base(fields: Fields) -> int | None:
    return None if fields.get("base_revision") is None else int(fields["base_revision"])


def _text(value: Any) -> str:
    return " ".join(str(value).split())[:TEXT_LIMIT]


def _place(fields: Fields) -> tuple[str, int, str]:
    return str(fields["camera"]), int(fields["frame"]), _text(fields["object"])


def _click(take: OpenTake, fields: Fields) -> Change:
    at = float(fields["x"]), float(fields["y"])
    positive = bool(fields.get("positive", True))
    return take.session.click(*_place(fields), *at, positive, _base(fields))


def _box(take: OpenTake, fields: Fields) -> Change:
    left, top, right, bottom = (float(value) for value in fields["values"])
    return take.session.box(*_place(fields), (left, top, right, bottom), _base(fields))


def _lock(take: OpenTake, fields: Fields) -> Change:
    camera, frame = str(fields["camera"]), int(fields["frame"])
    return take.session.lock(camera, frame, None, bool(fields["locked"]), _base(fields))


def _objects(take: OpenTake, fields: Fields) -> Change:
    named = {_text(each["name"]): bool(each["target"]) for each in fields["objects"]}
    labels = [ObjectLabel(name, target) for name, target in named.items() if name]
    return take.session.set_objects(labels, _base(fields))


def _paraphrases(take: OpenTake, fields: Fields) -> Change:
    texts = [text for text in map(_text, fields["paraphrases"]) if text]
    return take.session.set_paraphrases(texts, _base(fields))


def _success(take: OpenTake, fields: Fields) -> Change:
    success = fields["success"]
    return take.session.set_success(None if success is None else bool(success), _base(fields))


def _review(take: OpenTake, fields: Fields) -> Change:
    review = "done" if fields["review"] == "done" else "open"
    return take.session.set_review(review, _base(fields))


def _cancel(take: OpenTake, fields: Fields) -> None:
    take.cancelled.set()


ACTIONS: dict[str, Callable[[OpenTake, Fields], Change | None]] = {
    "click": _click,
    "box": _box,
    "lock": _lock,
    "objects": _objects,
    "paraphrases": _paraphrases,
    "success": _success,
    "review": _review,
    "cancel": _cancel,
    "look": lambda take, fields: None,
    "clear": lambda take, fields: take.session.clear(*_place(fields), _base(fields)),
    "undo": lambda take, fields: take.session.undo(_base(fields)),
    "redo": lambda take, fields: take.session.redo(_base(fields)),
    "instruction": lambda take, fields: take.session.set_instruction(
        _text(fields["instruction"]) or None, _base(fields)
    ),
}
