"""Who has no key, or a wrong one, is refused in words, and soon."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
from network import acquaint, free_ports

from teachloop.recorder.devices.presets import PRESETS
from teachloop.recorder.remote.address import BadAddress, StationAddress
from teachloop.recorder.remote.gate import CannotListen, Gate, gate_sockets
from teachloop.recorder.remote.gate_client import (
    GateClient,
    NobodyAnswers,
    Refused,
    WrongKey,
)
from teachloop.recorder.remote.messages import STATES, About, StartStation, StationFacts
from teachloop.runtime.ipc.curve import Handshakes, connect
from teachloop.runtime.ipc.curve_keys import NotKnown, key_of, own_key, public_file, trust

SOON_S = 20.0  # two waits for an answer, on a busy machine


def facts(_asked: About | StartStation) -> StationFacts:
    settings = PRESETS["synthetic"].model_dump_json()
    return StationFacts(host="robot-pc", data="/data", running=True, ended="", settings=settings)


@pytest.fixture
def there(tmp_path: Path) -> Path:
    own_key(tmp_path / "there")
    return tmp_path / "there"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    own_key(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def address(tmp_path: Path, there: Path) -> Iterator[StationAddress]:
    """Of a gate, without a station behind it."""
    address, gone = StationAddress("127.0.0.1", free_ports()), threading.Event()
    with gate_sockets(address, there) as sockets:
        gate = Gate(tmp_path / "data", sockets, facts)
        serving = threading.Thread(target=gate.run, args=(gone,))
        serving.start()
        yield address
        gone.set()
        serving.join()


def ask(address: StationAddress, keys: Path) -> StationFacts:
    with GateClient(address, keys) as client:
        return client.ask(About(), StationFacts)


@contextlib.contextmanager
def soon() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SOON_S


def test_machines_that_know_each_other_talk(
    address: StationAddress, here: Path, there: Path
) -> None:
    acquaint(here, there)
    assert ask(address, here).parsed == PRESETS["synthetic"]


@pytest.mark.parametrize("nonsense", [b"", b"no subscription"])
def test_nonsense_where_subscriptions_are_awaited_ends_nothing(
    address: StationAddress, here: Path, there: Path, nonsense: bytes
) -> None:
    acquaint(here, there)
    own, server = own_key(here), key_of(here, address.host)
    with zmq.Context() as context, context.socket(zmq.XSUB) as socket:
        handshakes = Handshakes(socket)
        connect(socket, own, server, address.at(STATES))
        while not handshakes.succeeded:
            time.sleep(0.01)
        time.sleep(0.2)
        socket.send(nonsense)
        time.sleep(0.5)
        handshakes.close()
        assert ask(address, here).running


def test_who_is_not_known_there_is_told_which_file_to_copy(
    address: StationAddress, here: Path, there: Path
) -> None:
    trust(here, public_file(there, own_key(there)))
    file = str(public_file(here, own_key(here)))
    with soon(), pytest.raises(Refused, match="does not know the key of this machine") as refused:
        ask(address, here)
    assert file in str(refused.value)


def test_a_key_is_known_from_the_moment_it_is_copied(
    address: StationAddress, here: Path, there: Path
) -> None:
    trust(here, public_file(there, own_key(there)))
    with pytest.raises(Refused):
        ask(address, here)
    acquaint(here, there)
    assert ask(address, here).running


def test_who_is_forgotten_there_is_let_in_no_more(
    address: StationAddress, here: Path, there: Path
) -> None:
    acquaint(here, there)
    assert ask(address, here).running
    for file in (there / "known").iterdir():
        file.unlink()
    with soon(), pytest.raises(Refused):
        ask(address, here)


def test_another_machine_in_the_robots_place_is_not_believed(
    address: StationAddress, here: Path, there: Path, tmp_path: Path
) -> None:
    acquaint(tmp_path / "another", here)
    trust(there, public_file(here, own_key(here)))
    with soon(), pytest.raises(WrongKey, match="is not the machine whose key is known here"):
        ask(address, here)


def test_without_the_robots_key_nothing_is_asked(address: StationAddress, here: Path) -> None:
    with soon(), pytest.raises(NotKnown, match="Which key has"):
        ask(address, here)


def test_without_any_key_nothing_is_heard(address: StationAddress, here: Path) -> None:
    context = zmq.Context()
    try:
        plain = context.socket(zmq.DEALER)
        plain.connect(address.at())
        plain.send_multipart([b"gate", bytes(8), bytes(8), b"\x81\xa4kind\xa5about"])
        assert not plain.poll(2000)
    finally:
        context.destroy(linger=0)


def test_nobody_at_the_address_is_said(here: Path, there: Path) -> None:
    acquaint(here, there)
    with soon(), pytest.raises(NobodyAnswers, match="teachloop station --listen"):
        ask(StationAddress("127.0.0.1", free_ports()), here)


def test_who_listens_and_says_nothing_is_not_believed(here: Path, there: Path) -> None:
    acquaint(here, there)
    first = free_ports()
    with socket.create_server(("127.0.0.1", first)), soon(), pytest.raises(WrongKey):
        ask(StationAddress("127.0.0.1", first), here)


def test_a_taken_port_is_named(address: StationAddress, there: Path) -> None:
    with pytest.raises(CannotListen, match=str(address.port)), gate_sockets(address, there):
        pass


@pytest.mark.parametrize(
    "text", ["tcp://robot-pc", "tcp://:7700", "tcp://robot-pc:0", "tcp://robot-pc:65534", "x:7700"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress, match="tcp://HOST:PORT"):
        StationAddress.parse(text)
