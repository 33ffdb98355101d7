"""What comes late over a network is not done, except a Stop."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teachloop.recorder.remote.envelopes import Answered, Asked, NoEnvelope
from teachloop.recorder.remote.local_station import LocalStation
from teachloop.recorder.remote.messages import FOR_STATION
from teachloop.recorder.station.commands import Command, Heartbeat, Stop, StopRobot
from teachloop.recorder.station.messages import ANSWER, to_message
from teachloop.runtime.ipc.serialization import pack, unpack_plain

SECOND_NS = 1_000_000_000


class Peer:
    """Another machine, which asks and remembers what it is answered."""

    def __init__(self, data: Path) -> None:
        self.answers: list[Answered] = []
        self.station = LocalStation(data, lambda _peer, answer: self.answers.append(answer), print)

    def ask(self, command: Command, age_ns: int) -> str:
        """The error that it is answered with."""
        heard_ns = time.monotonic_ns() - age_ns
        asked = Asked(FOR_STATION, 7, heard_ns, pack(to_message(command, 3, None)))
        self.station.ask(b"peer", Asked.of(asked.parts))
        answer = Answered.of(self.answers.pop().parts)
        said = ANSWER.validate_python(unpack_plain(answer.payload))
        assert (answer.number, said.id, said.ok) == (7, 3, False)
        return said.error


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    """Of a machine whose station does not run, which is what it answers in time."""
    peer = Peer(tmp_path)
    yield peer
    peer.station.close()


def test_a_command_that_comes_in_time_is_passed_on(peer: Peer) -> None:
    assert "does not run there" in peer.ask(Heartbeat(), SECOND_NS // 2)


def test_a_late_command_is_refused_with_how_late_it_is(peer: Peer) -> None:
    assert "came 3.0 s late over the network, and was not done" in peer.ask(
        Heartbeat(), 3 * SECOND_NS
    )


@pytest.mark.parametrize("stop", [Stop(), StopRobot()])
def test_a_stop_is_never_too_late(peer: Peer, stop: Command) -> None:
    assert "does not run there" in peer.ask(stop, 60 * SECOND_NS)


@pytest.mark.parametrize("parts", [[], [b""], [b"station", b"", b"", b""], [b"x"] * 4])
def test_what_is_no_envelope_is_refused(parts: list[bytes]) -> None:
    with pytest.raises(NoEnvelope):
        Asked.of(parts)
