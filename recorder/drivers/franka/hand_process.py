"""The process of a Franka Hand: libfranka holds the interpreter while it waits for a state, and a
motion of the fingers lasts; neither may delay the arm.

Run as ``python -m teachloop.recorder.drivers.franka.hand_process SETTINGS``. Lines of JSON on its
standard input say where the fingers are to be, the newest of which counts; on its standard output
it says how wide they are.
"""

import sys
import threading
import time
from typing import Any, Literal

from pydantic import ValidationError

from ....runtime.validation import StrictModel
from ...devices.interfaces import DeviceSilent
from .franky_library import FrankyGripper
from .panda_library import panda_py
from .words import connection_words

CLOSED_M = 0.005  # asked for less than that, it grasps
NOTHING_M = 0.002  # by so little a further target differs that is none
ANY_M = 0.08  # an object of any size counts as grasped
STATES_S = 0.03
Library = Literal["panda-py", "franky"]


class HandSettings(StrictModel):
    """Where the hand is, and how it moves."""

    address: str
    speed_m_s: float
    force_n: float
    library: Library = "panda-py"


class Fingers(StrictModel):
    """Where the fingers are to be."""

    width_m: float


class HandState(StrictModel):
    """Where they are. ``error``: why that is not known, in words."""

    width_m: float | None = None
    grasped: bool = False
    error: str = ""


class HandWorker:
    """Does the newest that was asked, and gives up what it does for it."""

    def __init__(self, gripper: Any, settings: HandSettings) -> None:
        self._gripper, self._settings = gripper, settings
        self._asked: float | None = None
        self._doing: float | None = None
        self._news = threading.Condition()

    def ask(self, width_m: float) -> None:
        """From another thread than ``run``'s."""
        with self._news:
            last = self._doing if self._asked is None else self._asked
            if last is not None and abs(width_m - last) < NOTHING_M:
                return
            self._asked = width_m
            busy = self._doing is not None
            self._news.notify()
        if busy:
            self._gripper.stop()

    def run(self) -> None:
        """One motion after another."""
        done: float | None = None
        while True:
            with self._news:
                while self._asked is None:
                    self._news.wait()
                self._doing, self._asked = self._asked, None
            if done is None or abs(self._doing - done) >= NOTHING_M:
                self._move(self._doing)
            with self._news:
                done, self._doing = self._doing, None

    def _move(self, width_m: float) -> None:
        speed, force = self._settings.speed_m_s, self._settings.force_n
        try:
            if width_m <= CLOSED_M:
                self._gripper.grasp(0.0, speed, force, ANY_M, ANY_M)
            else:
                self._gripper.move(width_m, speed)
        except RuntimeError:
            if self._asked is None:  # else it was given up for a newer one
                raise


def opened(settings: HandSettings) -> Any:
    """The hand, as libfranka has it. Raises DeviceSilent, RuntimeError."""
    if settings.library == "franky":
        return FrankyGripper(settings.address)
    return panda_py("libfranka").Gripper(settings.address)


def say(state: HandState) -> None:
    sys.stdout.write(f"{state.model_dump_json()}\n")
    sys.stdout.flush()


def tell(gripper: Any) -> None:
    """Say the hand's states, until it is gone."""
    while True:
        state = gripper.read_once()
        say(HandState(width_m=state.width, grasped=state.is_grasped))
        time.sleep(STATES_S)


def listen(worker: HandWorker) -> None:
    """Do what lines say, until there are no more."""
    for line in sys.stdin:
        try:
            worker.ask(Fingers.model_validate_json(line).width_m)
        except ValidationError:
            sys.stderr.write(f"This is no target of fingers: {line!r}\n")


def _until_gone(run: Any, *arguments: Any) -> None:
    try:
        run(*arguments)
    except RuntimeError as error:
        say(HandState(error=f"The hand does not answer any more: {error}."))


def main() -> int:
    settings = HandSettings.model_validate_json(sys.argv[1])
    try:
        gripper = opened(settings)
    except DeviceSilent as error:
        say(HandState(error=str(error)))
        return 1
    except RuntimeError as error:
        say(HandState(error=connection_words(settings.address, str(error))))
        return 1
    worker = HandWorker(gripper, settings)
    for run, arguments in ((worker.run, ()), (tell, (gripper,))):
        threading.Thread(target=_until_gone, args=(run, *arguments), daemon=True).start()
    listen(worker)
    return 0


if __name__ == "__main__":
    sys.exit(main())
