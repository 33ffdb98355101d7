"""From one take to the next: what the station does by itself after a take was decided on."""

import time
from collections.abc import Callable
from typing import Protocol

from ...runtime.errors import TeachloopError
from ...runtime.ipc.messages import Failed
from ..agents.selector import AgentSelector
from ..devices.messages import Description, Reset
from .commands import NextTake, TakeAnswer
from .recording_controller import AnswerTake, RecordingController
from .session import Phase
from .status import Task, WaitsFor


class Starting(Protocol):
    """The parts of a station that this works with."""

    agents: AgentSelector
    recording: RecordingController
    task: Task

    def expect_ready(self) -> None: ...

    def reset(self, scene: Reset, answer: Callable[[Description | Failed], None]) -> None: ...

    def stop(self, reason: str) -> None: ...

    def happened(self, kind: str, text: str) -> None: ...


class NextTakeStarter:
    """The session counts down from the decision on, so whatever stops it stops this: nobody has to
    be asked twice. The seconds run once arm and scene are ready and the decision is on disk."""

    def __init__(self, station: Starting) -> None:
        self._station = station
        self._asked: NextTake | None = None
        self._decided = self._laid_out = False

    @property
    def waits_for(self) -> WaitsFor:
        """What the countdown waits for."""
        if self._asked is None:
            return ""
        return "home" if self._asked.reset is None else "scene"

    def after(self, decided: AnswerTake, asked: NextTake | None) -> AnswerTake:
        """The same answer to a decision, which the next take waits for as well."""

        def then(answer: TakeAnswer | Failed) -> None:
            decided(answer)
            if self._asked is not asked:
                return
            if isinstance(answer, Failed):
                self._end()
            else:
                self._decided = True

        return decided if asked is None else then

    def begin(self, asked: NextTake) -> None:
        """Set out at once; what hinders that is said, and nothing follows."""
        station = self._station
        try:
            station.expect_ready()
            station.agents.select(asked.agent)
            station.recording.session.start(
                time.monotonic_ns(), countdown_s=asked.countdown_s, until_done=True, waits=True
            )
        except TeachloopError as error:
            station.happened("warning", f"No take follows: {error}")
            return
        self._asked, self._decided, self._laid_out = asked, False, asked.reset is None
        if asked.reset is None:
            station.agents.go_home()
        else:
            station.reset(Reset(**asked.reset.model_dump()), self._scene_is_there(asked))

    def _scene_is_there(self, asked: NextTake) -> Callable[[Description | Failed], None]:
        def then(described: Description | Failed) -> None:
            if self._asked is not asked:
                return
            if isinstance(described, Failed) or described.scene is None:
                why = described.error if isinstance(described, Failed) else "there is no scene."
                self._end()
                self._station.happened("warning", f"No take follows: {why}")
            else:
                self._laid_out = True

        return then

    def gave_up(self) -> None:
        """The arm does not come home: no take begins from elsewhere."""
        if self._asked is not None:
            self._end()

    def advance(self, now_ns: int) -> None:
        """Once a tick: whether the countdown begins."""
        station, asked = self._station, self._asked
        if asked is None:
            return
        if station.recording.session.phase is not Phase.COUNTDOWN:  # somebody stopped it
            self._asked = None
        elif self._decided and self._laid_out and station.agents.homing is None:
            update = asked.task.model_dump(exclude_none=True)
            station.task = station.task.model_copy(update=update)
            station.recording.session.clear(now_ns)
            self._asked = None

    def _end(self) -> None:
        self._asked = None
        if self._station.recording.session.phase is Phase.COUNTDOWN:
            self._station.stop("stop")
