import time

import msgpack
import zmq

from teachloop.recorder.station.commands import Started
from teachloop.recorder.station.server import Answer, Server
from teachloop.runtime.ipc.serialization import pack_plain


def test_an_error_that_nobody_foresaw_is_answered_and_the_next_command_heard() -> None:
    def handle(request: object, answer: Answer) -> None:
        assert isinstance(request, dict)
        answer(Started(countdown_s=8 / request["parts"]))

    with zmq.Context() as context:
        server = Server(context, "inproc://commands", "inproc://state")
        client = context.socket(zmq.DEALER)
        client.connect("inproc://commands")
        for number, parts in ((1, 0), (2, 2)):
            client.send(pack_plain({"id": number, "parts": parts}))
        server.serve(time.monotonic_ns() + 200_000_000, handle, dict)
        first, second = (msgpack.unpackb(client.recv(zmq.NOBLOCK)) for _ in range(2))
        client.close(linger=0)
        server.close()
    assert (first["id"], first["ok"]) == (1, False)
    assert "ZeroDivisionError" in first["error"]
    assert (second["id"], second["ok"], second["reply"]["countdown_s"]) == (2, True, 4.0)
