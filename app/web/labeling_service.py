"""Labeling sessions of the takes that are open in some window."""

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ...datasets.labels.edits import ObjectLabel, Snapshot
from ...labeler.diff import EditResult
from ...labeler.session import LabelingSession
from ...runtime.errors import TeachloopError
from . import label_fields as said
from .errors import UnknownMessage
from .label_fields import Fields
from .label_patch import Patch, patch, whole
from .take_cache import TakeCache

logger = logging.getLogger(__name__)
AUTHOR = "browser"
KEPT_OPEN = 4
TELL_S = 0.1  # progress is told at most that often
Tell = Callable[..., None]  # tell(kind, **content); may be called from any thread


@dataclass(slots=True)
class OpenTake:
    """One take that is being labelled."""

    session: LabelingSession
    recorded: str  # instruction
    cancelled: threading.Event = field(default_factory=threading.Event)
    propagating: bool = False


class LabelingService:
    """Does what windows ask of the labels of takes; the work runs in threads."""

    def __init__(self, take_cache: TakeCache, tell: Tell) -> None:
        self.take_cache = take_cache
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
        folder = self.take_cache.folder(take_id)
        with self._lock:
            if take_id not in self._open:
                session = LabelingSession.open(folder, AUTHOR)
                self._open[take_id] = OpenTake(session, self.take_cache.instruction(take_id))
                self._close_oldest()
            self._open.move_to_end(take_id)
            return self._open[take_id]

    def _close_oldest(self) -> None:
        idle = [name for name, take in self._open.items() if not take.propagating]
        if len(self._open) > KEPT_OPEN:
            self._open.pop(idle[0]).session.close()

    def _begin(self, take_id: str, fields: Fields) -> None:
        """Start a propagation in a thread of its own; it tells by itself how it goes."""
        name = None if fields.get("object") is None else said.object_name(fields)
        take = self._take(take_id)
        if take.propagating:
            return
        take.propagating = True
        take.cancelled.clear()
        arguments = (take_id, take, name)
        threading.Thread(target=self._propagate, args=arguments, daemon=True).start()

    def _propagate(self, take_id: str, take: OpenTake, name: str | None) -> None:
        """Also where it fails, the page hears of its end."""
        try:
            ended = self._spread(take_id, take, name)
        except Exception as error:
            ended = {"state": "failed", "message": _in_words(error), "patch": _steps(take)}
        self.tell("label_progress", take=take_id, **ended)

    def _spread(self, take_id: str, take: OpenTake, name: str | None) -> Fields:
        told = 0.0

        def progress(share: float) -> None:
            nonlocal told
            if time.monotonic() - told > TELL_S:
                told = time.monotonic()
                self.tell("label_progress", take=take_id, state="running", progress=share)

        try:
            before = take.session.snapshot
            progress(0.0)
            take.session.propagate(name, progress, take.cancelled.is_set)
        finally:
            take.propagating = False
        state = "cancelled" if take.cancelled.is_set() else "done"
        return {"state": state, "patch": self._patch(take, before, take.session.snapshot)}


def _in_words(error: Exception) -> str:
    if isinstance(error, TeachloopError):
        return str(error)
    logger.error("A propagation failed.", exc_info=error)
    return f"The propagation failed: {error!r}. The server's log says more."


def _steps(take: OpenTake) -> Fields:
    session = take.session
    return {
        "can_undo": session.can_undo,
        "can_redo": session.can_redo,
        "propagating": take.propagating,
    }


def _click(take: OpenTake, fields: Fields) -> EditResult:
    at = said.pixel(fields, take.session.take_frames.cameras)
    positive = said.flag({"positive": True, **fields}, "positive")
    return take.session.click(*said.place(fields), *at, positive, said.base(fields))


def _box(take: OpenTake, fields: Fields) -> EditResult:
    corners = said.corners(fields, take.session.take_frames.cameras)
    return take.session.box(*said.place(fields), corners, said.base(fields))


def _lock(take: OpenTake, fields: Fields) -> EditResult:
    camera, frame = said.text(fields, "camera"), said.whole(fields, "frame")
    return take.session.lock(camera, frame, None, said.flag(fields, "locked"), said.base(fields))


def _objects(take: OpenTake, fields: Fields) -> EditResult:
    labels = [ObjectLabel(name, target) for name, target in said.objects(fields).items()]
    return take.session.set_objects(labels, said.base(fields))


def _paraphrases(take: OpenTake, fields: Fields) -> EditResult:
    return take.session.set_paraphrases(said.texts(fields, "paraphrases"), said.base(fields))


def _success(take: OpenTake, fields: Fields) -> EditResult:
    success = None if fields["success"] is None else said.flag(fields, "success")
    return take.session.set_success(success, said.base(fields))


def _review(take: OpenTake, fields: Fields) -> EditResult:
    return take.session.set_review(said.review(fields), said.base(fields))


def _cancel(take: OpenTake, fields: Fields) -> None:
    take.cancelled.set()


ACTIONS: dict[str, Callable[[OpenTake, Fields], EditResult | None]] = {
    "click": _click,
    "box": _box,
    "lock": _lock,
    "objects": _objects,
    "paraphrases": _paraphrases,
    "success": _success,
    "review": _review,
    "cancel": _cancel,
    "look": lambda take, fields: None,
    "clear": lambda take, fields: take.session.clear(*said.place(fields), said.base(fields)),
    "undo": lambda take, fields: take.session.undo(said.base(fields)),
    "redo": lambda take, fields: take.session.redo(said.base(fields)),
    "instruction": lambda take, fields: take.session.set_instruction(
        said.text(fields, "instruction") or None, said.base(fields)
    ),
}
