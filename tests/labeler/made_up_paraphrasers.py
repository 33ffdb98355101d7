"""Paraphrasers of somebody else: one file, named by one line of `labeler.json`."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import ClassVar

from teachloop.labeler.paraphrasing.interface import Cancelled, Progress, Wordings

SLOW_S = 60.0


class Parrot:
    """Says please, and something else."""

    name = "a parrot"

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Sequence[str]:
        return [f"please {said.instruction}", "polly wants a cracker"]


class Silent:
    """Knows nothing."""

    name = "nobody"

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Sequence[str]:
        return []


class Broken:
    """Breaks down."""

    name = "a broken one"

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterator[str]:
        raise RuntimeError("out of memory")
        yield


class Waiting:
    """Waits until it may answer, and notices that nobody wants that any more."""

    name = "one who waits"
    may_answer, began, ended = Event(), Event(), Event()
    asked: ClassVar[list[Wordings]] = []

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterator[str]:
        Waiting.asked.append(said)
        progress(0.5)
        Waiting.began.set()
        while not Waiting.may_answer.wait(0.01):
            progress(0.5)
            if cancelled():
                Waiting.ended.set()
                return
        yield f"please {said.instruction}"


class Slow:
    """Takes its time, and says when it was cancelled."""

    name = "a slow one"

    def propose(self, said: Wordings, progress: Progress, cancelled: Cancelled) -> Iterator[str]:
        began = time.monotonic()
        while not cancelled() and time.monotonic() - began < SLOW_S:
            progress((time.monotonic() - began) / SLOW_S)
            time.sleep(0.01)
        Path(os.environ["MADE_UP_CANCELLED"]).touch()
        yield f"please {said.instruction}"
