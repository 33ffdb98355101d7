"""Typed messages between a process and its child."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import pytest
import zmq
from pydantic import Field, TypeAdapter

from teachloop.runtime.ipc.channel import Channel
from teachloop.runtime.ipc.handlers import Handlers
from teachloop.runtime.ipc.messages import Envelope, Question
from teachloop.runtime.ipc.serialization import pack_plain
from teachloop.runtime.validation import StrictModel


class Doubled(StrictModel):
    kind: Literal["doubled"] = "doubled"
    value: int


class Double(Question[Doubled]):
    kind: Literal["double"] = "double"
    value: int


class Blob(StrictModel):
    kind: Literal["blob"] = "blob"
    data: bytes


Said: TypeAlias = Double | Blob
SAID: TypeAdapter[Said] = TypeAdapter(Annotated[Said, Field(discriminator="kind")])


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[Channel[Said], Channel[Said]]]:
    with zmq.Context() as context:
        parent = Channel.connect(context, f"ipc://{tmp_path}/line", SAID)
        child = Channel.listen(context, f"ipc://{tmp_path}/line", SAID)
        yield parent, child
        parent.close()
        child.close()


def test_a_message_arrives_as_what_it_was_with_the_question_it_belongs_to(
    ends: tuple[Channel[Said], Channel[Said]],
) -> None:
    parent, child = ends
    parent.send(Double(value=4), 7)
    parent.send(Blob(data=b"\x00\xff"))
    assert [next(child.receive(2000)), next(child.receive(2000))] == [
        Envelope(Double(value=4), 7),
        Envelope(Blob(data=b"\x00\xff")),
    ]


def test_what_does_not_fit_is_logged_and_the_next_is_heard(
    ends: tuple[Channel[Said], Channel[Said]], caplog: pytest.LogCaptureFixture
) -> None:
    parent, child = ends
    parent.socket.send(pack_plain([None, {"kind": "double", "value": "four"}]))
    parent.send(Double(value=5))
    heard = [*child.receive(2000), *child.receive(500)]  # they may come one after the other
    assert [envelope.message for envelope in heard] == [Double(value=5)]
    assert "value must be a whole number, got 'four'" in caplog.text


def test_each_kind_of_message_has_one_handler() -> None:
    handlers: Handlers[[], int] = Handlers()
    handlers.on(Double, lambda asked: 2 * asked.value)
    handlers.on(Blob, lambda blob: len(blob.data))
    assert (handlers(Double(value=4)), handlers(Blob(data=b"abc"))) == (8, 3)
    with pytest.raises(ValueError, match="Double has a handler already"):
        handlers.on(Double, lambda asked: asked.value)


@pytest.mark.parametrize(
    "said",
    [b"", b"\xc1", b"\x80\x80", b"\x81\x01\x02", b"\x90", b"\x91\xc0", b"\x92\xa1x\xc0", b"\xc3"],
)
def test_bytes_that_are_no_message_are_passed_over_and_the_next_is_heard(
    ends: tuple[Channel[Said], Channel[Said]], said: bytes
) -> None:
    parent, child = ends
    parent.socket.send(said)
    parent.send(Double(value=4), 7)
    heard: list[Envelope[Said]] = []
    for _ in range(2):  # one message may be there before the other
        heard += child.receive(2000)
    assert heard == [Envelope(Double(value=4), 7)]
