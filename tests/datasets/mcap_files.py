"""Reads MCAP files by mcap's own reader, with every checksum compared, and messages by the schemas
that lie in the file."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory


@dataclass(frozen=True)
class Logged:
    """A message, and how it was logged."""

    topic: str
    schema: str
    log_ns: int
    publish_ns: int
    sequence: int
    message: Any

    @property
    def stamp_ns(self) -> int:
        """The time in the message itself."""
        return self.message.timestamp.seconds * 10**9 + self.message.timestamp.nanos


@dataclass(frozen=True)
class McapFile:
    """One take's."""

    path: Path

    @cached_property
    def logged(self) -> list[Logged]:
        """All messages, as they lie in the file."""
        with self.path.open("rb") as file:
            reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
            return [
                Logged(
                    channel.topic,
                    schema.name if schema else "",
                    message.log_time,
                    message.publish_time,
                    message.sequence,
                    decoded,
                )
                for schema, channel, message, decoded in reader.iter_decoded_messages(
                    log_time_order=False
                )
            ]

    def of(self, topic: str) -> list[Logged]:
        return [each for each in self.logged if each.topic == topic]

    def messages(self, topic: str) -> list[Any]:
        return [each.message for each in self.of(topic)]

    def texts(self, topic: str) -> list[str]:
        return [each.message for each in self.messages(topic)]

    @cached_property
    def metadata(self) -> dict[str, dict[str, str]]:
        with self.path.open("rb") as file:
            return {each.name: dict(each.metadata) for each in make_reader(file).iter_metadata()}

    @property
    def about(self) -> dict[str, str]:
        return self.metadata["teachloop.take"]

    @cached_property
    def summary(self) -> Any:
        with self.path.open("rb") as file:
            return make_reader(file).get_summary()
