"""A policy behind a server, as an agent here."""

from collections.abc import Mapping, Sequence

from ...datasets.steps import Action, Image, Observation
from ...datasets.takes.jpeg import encode_jpeg
from ...runtime.errors import TeachloopError
from ..policies.chunk_agent import ChunkAgent
from .actions import ARM_NAMES, NAMES, at_rate, from_rows
from .address import Address
from .arrays import NotUnderstood, pack
from .connection import PolicyConnection
from .foreign import KINDS, ForeignKind
from .observations import to_request
from .protocol import Picture, Reply, Report, Request, Sight, read, written

ANSWER_S = 20.0
FIRST_ANSWER_S = 300.0  # a server of openpi's compiles its model then


class UnknownKind(TeachloopError):
    def __init__(self, address: Address) -> None:
        known = " or ".join(f"{address.text.partition('#')[0]}#{kind}" for kind in KINDS)
        super().__init__(
            f"The policy server {address.text} does not say what its actions mean. Name the kind "
            f"that it is behind its address: {known}."
        )


def remote_agent(address: str, password: str, instruction: str, rate_hz: float) -> ChunkAgent:
    """The agent of a server, for a robot that takes targets at ``rate_hz``: ours by what it says
    of itself, else one of the kind that its address names.

    Raises PolicyServerAway, PolicyServerRefused, PasswordInTheOpen, UnknownKind.
    """
    connection = PolicyConnection(Address.parse(address), password)
    if connection.metadata().teachloop is not None:
        return RemoteAgent(connection, instruction, rate_hz)
    if connection.address.kind not in KINDS:
        connection.close()
        raise UnknownKind(connection.address)
    return ForeignAgent(connection, instruction, KINDS[connection.address.kind], rate_hz)


class RemoteAgent(ChunkAgent):
    """Follows an instruction on a server of ours, at ``rate_hz``. Raises PolicyServerAway."""

    def __init__(self, connection: PolicyConnection, instruction: str, rate_hz: float) -> None:
        super().__init__(execute=1)  # the server will say
        self.instruction, self.rate_hz = instruction, rate_hz
        self.thought_ms = 0.0  # of the last answer, without its way there and back
        self._connection = connection
        self._run = 0
        self.reset()

    @property
    def shares_memory(self) -> bool:
        """Whether images may be references into shared memory: on a socket of this machine."""
        return self._connection.address.socket is not None

    def reset(self) -> None:
        """A new run begins."""
        super().reset()
        self._run += 1
        begin = Sight(run=self._run, begin=True)
        _, report = self._asked(Request(prompt=self.instruction, teachloop=begin))
        self._carry_out(report)

    def _carry_out(self, report: Report) -> None:
        self.execute = max(1, round(report.execute * self.rate_hz / self._policy_hz))

    @property
    def _policy_hz(self) -> float:
        """Of the ticks that the server speaks of."""
        facts = self._connection.metadata().teachloop
        return facts.control_hz if facts else self.rate_hz

    def chunk(self, observation: Observation) -> list[Action]:
        """What the server says, who sees what takes keep: JPEGs, unless it is on this machine."""
        form = _pixels if self._connection.address.nearby else encode_jpeg
        return self.chunk_of(
            observation, {name: form(image) for name, image in observation.images.items()}
        )

    def chunk_of(self, observation: Observation, pictures: Mapping[str, Picture]) -> list[Action]:
        """The same, of images in any form; nothing where a frame in shared memory was
        overwritten before the server read it."""
        request = to_request(observation, pictures, self.instruction, self._run)
        reply, report = self._asked(request)
        _require_rows(reply, NAMES if observation.gripper_width_m is not None else ARM_NAMES)
        self.thought_ms = reply.server_timing.infer_ms
        self.attention, self.exchanged = report.attention, report.exchanged
        self._carry_out(report)
        start = observation.ee_pose
        return from_rows(at_rate(reply.actions, self._policy_hz, self.rate_hz, start))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _asked(self, request: Request) -> tuple[Reply, Report]:
        reply = read(Reply, self._connection.ask(written(request), ANSWER_S))
        if reply.teachloop is None:
            raise NotUnderstood("teachloop: the server left it out")
        return reply, reply.teachloop


class ForeignAgent(ChunkAgent):
    """Follows an instruction on a server of openpi's, at ``rate_hz``.

    Raises PolicyServerAway, NotThatKind.
    """

    def __init__(
        self, connection: PolicyConnection, instruction: str, kind: ForeignKind, rate_hz: float
    ) -> None:
        super().__init__(max(1, int(kind.execute * rate_hz / kind.rate_hz)))
        self.instruction, self.kind, self.rate_hz = instruction, kind, rate_hz
        self.thought_ms = 0.0
        self._connection = connection
        self._answer_s = FIRST_ANSWER_S

    def chunk(self, observation: Observation) -> list[Action]:
        """What the server says, as targets."""
        request = pack(self.kind.request(observation, self.instruction))
        reply = read(Reply, self._connection.ask(request, self._answer_s))
        self._answer_s = ANSWER_S
        self.thought_ms = reply.server_timing.infer_ms
        return self.kind.actions(reply.actions, observation, self.rate_hz)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _require_rows(reply: Reply, names: Sequence[str]) -> None:
    if reply.actions.shape[1] != len(names):
        raise NotUnderstood(f"actions: must be rows of {', '.join(names)}")


def _pixels(image: Image) -> Image:
    return image
