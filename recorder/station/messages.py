"""The envelopes of the station's commands, and of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from ...runtime.validation import Invalid, StrictModel, validated
from .command_table import NAMES, BadCommand, command_from
from .commands import Command


class CommandMessage(StrictModel):
    """A command as it travels."""

    id: int | None = None  # comes back with the answer
    command: str
    lease: str | None = None  # of who holds the controls
    fields: Mapping[str, object] = {}


class AnswerMessage(StrictModel):
    """The answer to the command of the same id."""

    id: int | None
    ok: bool
    reply: Mapping[str, object] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A command that was understood, and the token of who sent it."""

    command: Command
    lease: str | None


_MESSAGE = TypeAdapter(CommandMessage)


def to_message(command: Command, number: int, lease: str | None) -> CommandMessage:
    """The command in its envelope."""
    return CommandMessage(
        id=number, command=NAMES[type(command)], lease=lease, fields=command.model_dump()
    )


def parse(message: object) -> Request:
    """The command in an envelope; raises BadCommand in plain words."""
    try:
        envelope = validated(_MESSAGE, message)
    except Invalid as error:
        raise BadCommand(f"A command is a map with the text field 'command'. {error}") from None
    return Request(command_from(envelope.command, envelope.fields), envelope.lease)


ANSWER = TypeAdapter(AnswerMessage)
