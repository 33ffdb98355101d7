"""What another version, or a stranger, says over ZeroMQ: refused or passed over, and the next
message is heard."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgpack
import pytest
import zmq
from own_loop import run_async

from teachloop.recorder.station import commands
from teachloop.recorder.station.client import AsyncStationClient, StationClient
from teachloop.recorder.station.endpoint import Endpoint, StationError
from teachloop.recorder.station.messages import parse
from teachloop.recorder.station.published import Event, read_published
from teachloop.recorder.station.server import Answer, Server
from teachloop.runtime.ipc.serialization import pack_plain


def handled(request: object, answer: Answer) -> None:
    parse(request)
    answer(commands.Started())


@pytest.mark.parametrize("number", [True, False, 1.5, "1", None, [1], 1 << 63, -1])
@pytest.mark.parametrize("command", ["start", "fly", 5])
def test_no_number_of_a_command_ends_the_loop(number: object, command: object) -> None:
    with zmq.Context() as context:
        server = Server(context, "inproc://commands", "inproc://state")
        client = context.socket(zmq.DEALER)
        client.connect("inproc://commands")
        client.send(pack_plain({"id": number, "command": command}))
        client.send(pack_plain({"id": 7, "command": "start"}))
        server.serve(time.monotonic_ns() + 100_000_000, handled, dict)
        odd, good = (msgpack.unpackb(client.recv(zmq.NOBLOCK)) for _ in range(2))
        client.close(linger=0)
        server.close()
    assert odd["id"] in (number, None)
    assert odd["ok"] or odd["error"]
    assert (good["id"], good["ok"]) == (7, True)


EVENT = pack_plain({"time_ns": 1, "kind": "mark", "text": "here"})


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"event"],
        [b"\xff", EVENT],
        [b"nonsense", EVENT],
        [b"event", b""],
        [b"event", b"\xc1"],
        [b"event", pack_plain({1: 2})],
        [b"event", pack_plain({"time_ns": "now", "kind": "mark", "text": "here"})],
        [b"event", pack_plain([])],
        [b"event", EVENT, b"more", b"and more"],
        [b"state", EVENT],
        [b"observation", EVENT],
        [b"preview/front", EVENT],
    ],
    ids=repr,
)
def test_what_is_no_news_is_refused_in_words(parts: list[bytes]) -> None:
    with pytest.raises(StationError, match=r"What the station published is not understood: .+"):
        read_published(parts)


def test_subscribers_pass_over_what_they_do_not_understand(tmp_path: Path) -> None:
    heard = threading.Event()
    publishing = threading.Thread(target=_publish, args=(tmp_path, heard), daemon=True)
    publishing.start()
    with StationClient(Endpoint.in_folder(tmp_path, os.getpid())) as client:
        first = next(client.subscribe("event", timeout_s=20.0))
    heard.set()
    publishing.join(5)
    assert first == Event(time_ns=1, kind="mark", text="here")


def _publish(folder: Path, heard: threading.Event) -> None:
    """Something odd and something good, again and again until somebody listens."""
    with zmq.Context() as context, context.socket(zmq.PUB) as publisher:
        publisher.linger = 0
        publisher.bind(f"ipc://{folder}/publish")
        while not heard.wait(0.05):
            publisher.send_multipart([b"event", b"\xc1"])
            publisher.send_multipart([b"event", EVENT])


@contextmanager
def station_saying(folder: Path, *answers: bytes) -> Iterator[None]:
    """A station that says the first of these to what it is asked first, and so on."""
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        router.bind(f"ipc://{folder}/command")
        thread = threading.Thread(target=_say, args=(router, answers), daemon=True)
        thread.start()
        yield
        thread.join(5)


def _say(router: "zmq.Socket[bytes]", answers: tuple[bytes, ...]) -> None:
    for answer in answers:
        sender, _ = router.recv_multipart()
        router.send_multipart([sender, answer])


SECOND = pack_plain({"id": 2, "ok": True, "reply": {"take": None}, "error": ""})
NO_ANSWERS = [
    b"",
    b"\xc1",
    b"\x80\x80",
    pack_plain({1: 2}),
    pack_plain([]),
    pack_plain({"id": 1, "ok": "yes"}),
    pack_plain({"id": 1, "ok": True, "reply": {"take": 5}}),
    pack_plain({"id": 1, "ok": True, "reply": None}),
]


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=repr)
def test_an_answer_that_is_none_is_said_at_once(tmp_path: Path, answer: bytes) -> None:
    endpoint = Endpoint.in_folder(tmp_path, os.getpid())
    with (
        station_saying(tmp_path, answer),
        StationClient(endpoint) as client,
        pytest.raises(StationError, match="answer is not understood"),
    ):
        client.send(commands.Stop(), reply_timeout_s=5.0)


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=repr)
def test_a_page_is_told_at_once_and_its_next_command_is_answered(
    tmp_path: Path, answer: bytes
) -> None:
    async def ask_twice() -> commands.TakeAnswer:
        async with AsyncStationClient(Endpoint.in_folder(tmp_path, os.getpid())) as client:
            with pytest.raises(StationError, match="answer is not understood"):
                await client.send(commands.Stop())
            return await client.send(commands.Stop())

    with station_saying(tmp_path, answer, SECOND):
        assert run_async(ask_twice()) == commands.TakeAnswer(take=None)
