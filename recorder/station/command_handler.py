"""What each command does. Everything here is quick; what waits for a disk answers later."""

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...runtime.ipc.messages import Failed
from ..devices.interfaces import Twist
from ..devices.messages import Description, Reset
from .commands import Started, TakeAnswer
from .lease import LeaseRefused
from .messages import FREE, parse
from .session import Phase, WrongPhase

if TYPE_CHECKING:
    from .station import Station

Fields = dict[str, Any]
Answer = Callable[[dict[str, Any]], None]


def _plain(answer: Answer) -> Callable[[TakeAnswer | Started | Failed], None]:
    return lambda said: answer(
        {"error": said.error} if isinstance(said, Failed) else said.model_dump()
    )


def _scene(answer: Answer) -> Callable[[Description | Failed], None]:
    def then(said: Description | Failed) -> None:
        if isinstance(said, Failed):
            answer({"error": said.error})
        elif said.scene is not None:
            answer({"scene": said.scene.model_dump(exclude={"json_text"})})

    return then


class CommandHandler:
    """The commands of a station. A handler returns its answer, or None and answers later."""

    def __init__(self, station: "Station") -> None:
        self._station = station

    def handle(self, message: Any, answer: Answer) -> None:
        """Check and do; raises TeachloopError in words for whoever asked."""
        name, fields = parse(message)
        token = message.get("lease")
        if name not in FREE:
            self._station.lease.check(token, time.monotonic_ns())
        if name == "acquire":
            fields["token"] = token
        said = getattr(self, f"_on_{name}")(fields, answer)
        if said is not None:
            answer(said)

    def _on_acquire(self, fields: Fields, _answer: Answer) -> Fields:
        lease, now_ns = self._station.lease, time.monotonic_ns()
        before = lease.client
        token = lease.acquire(
            fields["client"], now_ns, take_over=fields["take_over"], token=fields["token"]
        )
        if before not in (None, fields["client"]):
            self._station.agents.let_go()
            self._station.happened("takeover", f"{fields['client']} took over from {before}")
        return {"lease": token}

    def _on_heartbeat(self, _fields: Fields, _answer: Answer) -> Fields:
        return {}

    def _on_release(self, _fields: Fields, _answer: Answer) -> Fields:
        self._station.let_go("released", "The controls were given back.")
        return {}

    def _on_status(self, _fields: Fields, _answer: Answer) -> Fields:
        return self._station.state()

    def _on_stop_robot(self, _fields: Fields, answer: Answer) -> Fields | None:
        self._station.hold()
        return self._stop("stop_robot", answer, needed=False)

    def _on_acknowledge(self, _fields: Fields, _answer: Answer) -> Fields:
        self._station.acknowledge()
        return {}

    def _on_restart_device(self, _fields: Fields, _answer: Answer) -> Fields:
        self._station.restart_device()
        return {}

    def _on_restart_writer(self, _fields: Fields, _answer: Answer) -> Fields:
        self._station.restart_writer()
        return {}

    def _on_twist(self, fields: Fields, _answer: Answer) -> Fields:
        twist = Twist(
            tuple(fields["linear"]),
            tuple(fields["angular"]),
            fields["gripper"],
            time.monotonic_ns(),
        )
        self._station.agents.press(twist)
        return {}

    def _on_select_agent(self, fields: Fields, _answer: Answer) -> Fields:
        self._station.agents.select(fields["name"])
        self._station.happened("agent", fields["name"])
        return {}

    def _on_attach_policy(self, fields: Fields, _answer: Answer) -> Fields:
        self._station.policy = fields["name"]
        self._station.policy_token = secrets.token_hex(8)
        self._station.agents.mailbox.reset()
        return {"policy": self._station.policy_token}

    def _on_detach_policy(self, _fields: Fields, _answer: Answer) -> Fields:
        self._station.policy = self._station.policy_token = None
        self._station.agents.mailbox.reset()
        return {}

    def _on_chunk(self, fields: Fields, _answer: Answer) -> Fields:
        if fields["policy"] != self._station.policy_token:
            raise LeaseRefused("This policy is not attached (any more). Attach it first.")
        if len(fields["poses"]) != len(fields["grippers"]):
            raise WrongPhase("A chunk has as many grippers as poses.")
        poses = list(np.reshape(fields["poses"], (-1, 4, 4)))
        taken = self._station.agents.mailbox.put(fields["time_ns"], poses, fields["grippers"])
        return {"taken": taken}

    def _on_set_task(self, fields: Fields, _answer: Answer) -> Fields:
        given = {key: value for key, value in fields.items() if value is not None}
        self._station.task.update(given)
        return dict(self._station.task)

    def _on_reset(self, fields: Fields, answer: Answer) -> None:
        self._expect_rest("reset")
        self._station.reset(Reset(**fields), _scene(answer))

    def _on_home(self, _fields: Fields, _answer: Answer) -> Fields:
        self._expect_rest("go home")
        self._station.agents.go_home()
        return {}

    def _expect_rest(self, what: str) -> None:
        self._station.expect_ready()
        phase = self._station.recording.session.phase
        if phase in (Phase.RECORDING, Phase.COUNTDOWN):
            raise WrongPhase(f"Cannot {what}: the session is {phase.value}. Stop first.")

    def _on_practice(self, _fields: Fields, _answer: Answer) -> Fields:
        self._station.expect_ready()
        self._station.recording.session.practise()
        self._station.take_turn()
        return {}

    def _on_start(self, fields: Fields, answer: Answer) -> None:
        self._station.expect_ready()
        self._station.recording.start(time.monotonic_ns(), _plain(answer), **fields)

    def _on_stop(self, _fields: Fields, answer: Answer) -> Fields | None:
        return self._stop("stop", answer, needed=True)

    def _stop(self, reason: str, answer: Answer, *, needed: bool) -> Fields | None:
        if not needed and not self._station.running:
            return {"take": None}
        self._station.stop(reason, answer=_plain(answer))
        return None

    def _on_keep(self, fields: Fields, answer: Answer) -> None:
        self._station.recording.keep(
            fields["success"], self._station.task["instruction"], _plain(answer)
        )

    def _on_discard(self, _fields: Fields, answer: Answer) -> None:
        self._station.recording.discard(_plain(answer))

    def _on_undo(self, _fields: Fields, answer: Answer) -> None:
        self._station.recording.undo(_plain(answer))

    def _on_restore(self, fields: Fields, answer: Answer) -> None:
        self._station.recording.restore(fields["take"], _plain(answer))

    def _on_mark_success(self, fields: Fields, answer: Answer) -> None:
        self._station.recording.mark(
            time.monotonic_ns(), fields["value"], fields["take"], _plain(answer)
        )
