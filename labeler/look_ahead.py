"""Looks at frames before anybody clicks in them, whenever nobody waits for anything else."""

import logging
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from typing import TypeAlias

from ..runtime.disk_errors import in_words
from ..runtime.processes.priority import set_thread_priority
from .open_takes import OpenTakes
from .propagation.interface import FrameKey
from .segmenters.embedding_files import EmbeddingFolder
from .session import LabelingSession

logger = logging.getLogger(__name__)

Place: TypeAlias = tuple[Path, str, int, str]  # take, camera, frame, segmenter

LOOK_AHEAD = "look-ahead"
SAID_FOR_S = 150.0  # a page says again what it shows; of one that was closed nothing more is heard
PATIENCE_S = 2.0  # for a click that is being answered
QUIET_S = 1.5  # after an answer: it is being painted, and the next click comes soon
NICENESS = 19  # whatever else the machine does goes first
CLOSING_S = 10.0


@dataclass(slots=True)
class Wish:
    """What is to be looked at in one take, and for how long that is known to be of use."""

    folder: Path
    segmenter: str
    shown: Sequence[FrameKey]
    frames: Sequence[FrameKey]
    """All, in their order."""
    seen: set[FrameKey] = field(default_factory=set)
    until: float = 0.0
    """By the monotonic clock."""

    @property
    def next(self) -> FrameKey | None:
        return next((frame for frame in self.frames if frame not in self.seen), None)


class LookAhead:
    """One thread for all takes, the one that somebody turned to last first. Safe to use from
    several threads."""

    def __init__(self, takes: OpenTakes, embeddings: EmbeddingFolder) -> None:
        self._takes, self._embeddings = takes, embeddings
        self._wishes: OrderedDict[Path, Wish] = OrderedDict()
        self._changed = Condition()
        self._answering = self._waited_for = self._awaited = 0
        self._quiet_from = 0.0  # by the monotonic clock
        self._at: Place | None = None
        self._failed: set[tuple[Path, str]] = set()  # segmenters, each in one take
        self._closed = False
        self._thread = Thread(target=self._run, name=LOOK_AHEAD, daemon=True)

    def wish(self, wish: Wish) -> None:
        """It takes the place of what was wished for of the take before; what was seen is not looked
        at again. A segmenter that failed there is left alone."""
        with self._changed:
            if (wish.folder, wish.segmenter) in self._failed:
                return
            before = self._wishes.pop(wish.folder, None)
            if before is not None and before.segmenter == wish.segmenter:
                wish.seen = before.seen
            wish.until = time.monotonic() + SAID_FOR_S
            self._wishes[wish.folder] = wish
            if not self._thread.is_alive() and not self._closed:
                self._thread.start()
            self._changed.notify_all()

    def forget(self) -> None:
        """What segmenters are made of has changed: nothing is looked at until somebody asks."""
        with self._changed:
            self._wishes.clear()
            self._failed.clear()

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """While somebody is answered, and shortly after, a look that was begun stands still."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                self._quiet_from = time.monotonic() + QUIET_S
                self._changed.notify_all()

    @contextmanager
    def giving_way(self, to: Place | None = None) -> Iterator[None]:
        """While somebody waits for a look ``to`` a place, or for a propagation, there is no other
        look: one that was begun elsewhere is given up, one that was begun there serves both."""
        with self._changed:
            begun = to is not None and to == self._at
            self._waited_for += not begun
            self._awaited += begun
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._waited_for -= not begun
                self._awaited -= begun
                self._changed.notify_all()

    def close(self) -> None:
        """Give up what was begun, for good."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)

    def _run(self) -> None:
        set_thread_priority(NICENESS)
        with suppress(OSError):
            self._embeddings.sweep()
        while (wish := self._newest()) is not None:
            try:
                self._look(wish)
            except Exception as error:  # a click on the frame says it to who clicks
                words = in_words(error, f"{wish.segmenter!r} failed")
                logger.warning("Take %s is not looked at ahead: %s", wish.folder.name, words)
                self._failed.add((wish.folder, wish.segmenter))
                self._drop(wish)

    def _look(self, wish: Wish) -> None:
        """At one more frame; beyond those that are shown, as long as all of them can be kept."""
        frame = wish.next
        if frame is None or not (frame in wish.shown or self._has_room(wish)):
            wish.frames = ()
        else:
            with self._takes.using(wish.folder) as take, self._being_at(wish, frame):
                self._look_at(frame, wish, take.session)

    def _look_at(self, frame: FrameKey, wish: Wish, session: LabelingSession) -> None:
        if session.snapshot.deleted:
            self._drop(wish)
        elif session.look_ahead(*frame, wish.segmenter, self._may_go_on):
            wish.seen.add(frame)

    def _has_room(self, wish: Wish) -> bool:
        return not self._embeddings.of(wish.folder).full

    @contextmanager
    def _being_at(self, wish: Wish, frame: FrameKey) -> Iterator[None]:
        self._at = (wish.folder, *frame, wish.segmenter)
        try:
            yield
        finally:
            self._at = None

    def _newest(self) -> Wish | None:
        """The one to go on with; waits until there is one. None: nothing is to be done any more."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                there = [wish for wish in self._wishes.values() if wish.until > now]
                self._wishes = OrderedDict((wish.folder, wish) for wish in there)
                undone = [wish for wish in reversed(there) if wish.next is not None]
                if undone and not self._waited_for and self._is_quiet:
                    return undone[0]
                self._changed.wait(self._until_quiet_s if undone else None)
        return None

    def _may_go_on(self) -> bool:
        """Once it is quiet; not where somebody is answered for long, or waits for another look."""
        with self._changed:
            while self._soon_answered() and not self._must_stop:
                if self._is_quiet:
                    return True
                self._changed.wait(self._until_quiet_s)
        return False

    def _soon_answered(self) -> bool:
        return self._changed.wait_for(lambda: not self._answering or self._must_stop, PATIENCE_S)

    @property
    def _is_quiet(self) -> bool:
        late = self._awaited or time.monotonic() >= self._quiet_from
        return bool(late) and not self._answering

    @property
    def _until_quiet_s(self) -> float | None:
        """None: not before somebody was answered, or got the look that is waited for."""
        if self._answering or self._waited_for:
            return None
        return max(0.0, self._quiet_from - time.monotonic())

    @property
    def _must_stop(self) -> bool:
        return self._closed or self._waited_for > 0

    def _drop(self, wish: Wish) -> None:
        with self._changed:
            if self._wishes.get(wish.folder) is wish:
                del self._wishes[wish.folder]
