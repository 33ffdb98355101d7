"""A day at the station, in acts: what a person does in the pages. Each act notes in the ledger
what it was answered."""

import itertools
import random
import time
from collections.abc import Callable

from pydantic import JsonValue

from .ledger import Ledger
from .window import Content, Lost, Refused, Window

BASE = "panda-tabletop"
BY_HAND = "keyboard"  # whom a take of the Record page names; a policy may still be leaving
SAVED_S = 2.0
TOLD_S = 0.3  # until a state that is true now is heard
PROPAGATE_S = 60.0
LOAD_S = 120.0
PUSH_M_S = 0.1
TWIST_S = 0.05


class Day:
    """One person at one window."""

    def __init__(self, window: Window, ledger: Ledger, chance: random.Random) -> None:
        self.window, self.ledger, self.chance = window, ledger, chance
        self.labelled: list[str] = []  # takes with masks
        self._words = itertools.count(1)

    def acts(self) -> dict[str, Callable[[], None]]:
        """By name. Each raises Refused, Lost."""
        return {
            "record": self.record,
            "discard and restore": self.discard_and_restore,
            "label": self.label,
            "propagate": self.propagate,
            "fine-tune": self.finetune,
            "evaluate": self.evaluate,
            "roll out": self.roll_out,
            "correct": self.correct,
            "bin and restore": self.bin_and_restore,
            "look": self.look,
        }

    def record(self) -> None:
        """A take of the script at work, judged and kept."""
        self._scene()
        self.window.command("select_agent", name="expert")
        self.window.command("start")
        time.sleep(self.chance.uniform(0.8, 2.0))
        take = self._stop()
        self.window.command("keep", success=True)
        self.ledger.said(take, 1)

    def discard_and_restore(self) -> None:
        """A take that is thrown away at its review, and one that is taken back out."""
        self.window.command("start", agent=BY_HAND)
        time.sleep(0.5)
        take = self._stop()
        self.ledger.may_bin(take)
        self.window.command("discard")
        self.ledger.binned(take, True)
        self.ledger.may_bin(take)
        self.window.command("restore", take=take)
        self.ledger.binned(take, False)

    def label(self) -> None:
        """Masks by clicks, the task in words, and a judgement."""
        take = self._some_take()
        detail = self.window.get(f"api/takes/{take}")
        self._say(take, "objects", objects=[{"name": "the object", "target": True}])
        for camera, frames in _frames(detail).items():
            for _ in range(2):
                x, y = self.chance.uniform(100, 156), self.chance.uniform(120, 180)
                frame = self.chance.choice(frames)
                click = {"camera": camera, "frame": frame, "x": x, "y": y}
                self._say(take, "click", object="the object", **click)
        self.labelled.append(take)
        self._say_words(take)
        self._say(take, "success", success=True)
        self._say(take, "review", review="done")

    def propagate(self) -> None:
        """Masks carried through a take."""
        if not self.labelled:
            self.label()
        take = self.labelled[-1]
        began_s = time.monotonic()
        self.window.ask("label", take=take, action="propagate")
        if not self.window.wait(lambda: self._propagated(take, began_s) != "", PROPAGATE_S):
            raise Lost("nothing was heard of a propagation")
        if (ended := self._propagated(take, began_s)) != "done":
            raise Refused(ended)

    def _propagated(self, take: str, since_s: float) -> str:
        """How it ended; empty where it goes on."""
        if not self.window.up or self.window.since(since_s, "hello"):
            raise Lost("the connection was lost while masks were propagated")
        if any(not told["running"] for told in self.window.since(since_s, "labeler")):
            raise Lost("the labeler ended while masks were propagated")
        for told in self.window.since(since_s, "label_progress"):
            if told["take"] == take and told["state"] != "running":
                return "done" if told["state"] == "done" else f"{told['state']}: {told['message']}"
        return ""

    def finetune(self) -> None:
        """The button; what comes of it is looked after elsewhere."""
        if not self.labelled:
            self.label()
        takes: list[JsonValue] = list(dict.fromkeys(self.labelled[-2:]))
        self._start("finetune", takes=takes, base=BASE, preset="tiny", name=self._new_words())

    def evaluate(self) -> None:
        """A policy tried in simulation; what comes of it is looked after elsewhere."""
        self._start("evaluate", base=BASE, adapter=self._adapter(), rollouts=2, processes=1)

    def roll_out(self) -> None:
        """A policy at work, kept."""
        self._begin_rollout()
        time.sleep(self.chance.uniform(1.0, 2.5))
        self._keep_rollout()

    def correct(self) -> None:
        """A policy at work that a person corrects by keys, kept."""
        self._begin_rollout()
        time.sleep(self.chance.uniform(0.5, 1.0))
        sign = self.chance.choice((-1, 1))
        for _ in range(20):
            linear: list[JsonValue] = [0.0, sign * PUSH_M_S, 0.0]
            self.window.send("twist", linear=linear, angular=[0.0, 0.0, 0.0])
            time.sleep(TWIST_S)
        time.sleep(0.5)
        self._keep_rollout()

    def bin_and_restore(self) -> None:
        """On the Data page."""
        take = self._some_take()
        for where, binned in (("bin", True), ("restore", False)):
            self.ledger.may_bin(take)
            self.window.post(f"api/takes/{take}/{where}", author="day")
            self.ledger.binned(take, binned)

    def look(self) -> None:
        """What pages ask for when they are opened."""
        for path in ("api/takes", "api/jobs", "api/adapters", "api/tasks", "api/station"):
            self.window.get(path)
        take = self._some_take()
        detail = self.window.get(f"api/takes/{take}")
        self.window.read(f"api/takes/{take}/poster.jpg")
        for camera, frames in _frames(detail).items():
            for frame in frames[:10]:
                self.window.read(f"api/takes/{take}/frames/{camera}/{frame}.jpg")
        self.window.get(f"api/labels/{take}")

    def probe(self) -> None:
        """A short take and a word about it: whether everything goes on."""
        self.window.command("start", agent=BY_HAND)
        time.sleep(0.3)
        take = self._stop()
        self.window.command("keep")
        self._say_words(take)

    def _scene(self) -> None:
        seed = self.chance.randrange(1000)
        told = self.window.command("reset", seed=seed, verb="push", split="novel")
        scene = told["scene"]
        assert isinstance(scene, dict)
        self.window.command("set_task", instruction=scene["instruction"], operator="day")

    def _stop(self) -> str:
        """The take that was recorded: it is on the disk."""
        try:
            take = self.window.command("stop")["take"]
        except Refused:
            take = self._ended()
            if take is None:
                raise
        if not isinstance(take, str):
            raise Lost("the take had ended already")
        self.window.wait(lambda: self._reviewed(take), SAVED_S)
        state = self.window.state
        self.ledger.took(take, state.take.silent_s if state and state.take else ())
        return take

    def _ended(self) -> str | None:
        """The take of a roll-out that ended by itself, since its task had succeeded."""
        time.sleep(TOLD_S)
        state = self.window.state
        return state.take.id if state and state.take and state.phase.value == "review" else None

    def _reviewed(self, take: str) -> bool:
        state = self.window.state
        return bool(state and state.take and state.take.saved and state.take.id == take)

    def _begin_rollout(self) -> None:
        instruction = self._new_words()
        asked = {"adapter": self._adapter(), "base": BASE, "instruction": instruction}
        self.window.ask("roll_out", LOAD_S, **asked)

    def _keep_rollout(self) -> None:
        self._stop()
        self.window.command("keep", success=False)

    def _say(self, take: str, action: str, text: str = "", /, **fields: JsonValue) -> None:
        told = self.window.ask("label", take=take, action=action, author="day", **fields)
        revision = told["revision"]
        assert isinstance(revision, int)
        self.ledger.said(take, revision, text)

    def _say_words(self, take: str) -> None:
        words = self._new_words()
        self._say(take, "instruction", words, instruction=words)

    def _new_words(self) -> str:
        """None are said twice."""
        return f"push it, for the {next(self._words)}th time"

    def _start(self, kind: str, /, **config: JsonValue) -> None:
        job = self.window.post("api/jobs", kind=kind, config=config)["id"]
        assert isinstance(job, str)
        self.ledger.submitted(job)

    def _adapter(self) -> str:
        """Id of the newest; empty for the base alone."""
        return next(reversed(self.ledger.adapters), "")

    def _some_take(self) -> str:
        """One of the newest that is kept. Raises Refused, Lost."""
        kept = [name for name, take in self.ledger.takes.items() if take.binned == {False}]
        if not kept:
            self.record()
            return self._some_take()
        return self.chance.choice(kept[-5:])


def _frames(detail: Content) -> dict[str, list[int]]:
    """Camera -> its frames."""
    index = detail["frame_index"]
    assert isinstance(index, dict)
    return {
        camera: sorted({frame for frame in frames if isinstance(frame, int) and frame >= 0})
        for camera, frames in index.items()
        if isinstance(frames, list)
    }
