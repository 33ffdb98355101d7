"""What a window may say, told apart by ``type``. One that gives an ``id`` is answered."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    Field,
    JsonValue,
    TypeAdapter,
    field_validator,
    model_validator,
)

from ....labeler.requests import LabelRequest
from ....recorder.station import commands
from ....runtime.access import Role
from ....runtime.text import one_line
from ....runtime.validation import StrictModel
from ....training.trials.study import Verdict

TEXT_LIMIT = 300

Id: TypeAlias = int | str | None
Text = Annotated[str, Field(max_length=TEXT_LIMIT)]


class WindowMessage(StrictModel):
    """What all have in common. Each says who may send it."""

    needs: ClassVar[Role]

    id: Id = None


class Beat(WindowMessage):
    """The window that drives is still there."""

    needs = Role.DRIVE

    type: Literal["beat"]


class HeldKeys(WindowMessage, commands.Twist):
    """Held keys as velocities, to be repeated while they are held."""

    needs = Role.DRIVE

    type: Literal["twist"]

    @property
    def twist(self) -> commands.Twist:
        return commands.Twist(
            linear=self.linear, angular=self.angular, gripper=self.gripper, frame=self.frame
        )


class TakeControl(WindowMessage):
    """This window wants to drive."""

    needs = Role.DRIVE

    type: Literal["control"]
    take_over: bool = False


class AskStation(WindowMessage):
    """A command of the station's table; its fields are checked by that. All but the status and
    the stop are refused without the lease, which only those who may drive are given."""

    needs = Role.LOOK

    type: Literal["command"]
    name: Text
    fields: Mapping[str, JsonValue] = Field(default_factory=dict)


class StartStation(WindowMessage):
    needs = Role.DRIVE

    type: Literal["start_station"]


class StartLabeler(WindowMessage):
    needs = Role.LABEL

    type: Literal["start_labeler"]


class RollOut(WindowMessage):
    """Let a policy drive a take."""

    needs = Role.DRIVE

    type: Literal["roll_out"]
    adapter: Text
    """Id; "" for the base alone."""
    base: Text
    instruction: Annotated[Text, AfterValidator(one_line)]


class BeginAttempt(WindowMessage):
    """The next attempt of a study."""

    needs = Role.DRIVE

    type: Literal["begin_attempt"]
    study: Text


class JudgeAttempt(WindowMessage):
    """How an attempt of a study ended."""

    needs = Role.DRIVE

    type: Literal["judge_attempt"]
    study: Text
    number: int
    """Counted from 0."""
    verdict: Verdict

    @field_validator("verdict", mode="before")
    @classmethod
    def _from_json(cls, given: JsonValue) -> JsonValue | Verdict:
        return Verdict.read(given) if isinstance(given, dict) else given


class VoidAttempt(WindowMessage):
    """An attempt of a study does not count."""

    needs = Role.DRIVE

    type: Literal["void_attempt"]
    study: Text
    number: int
    reason: Annotated[Text, AfterValidator(one_line)]


class Label(WindowMessage):
    """Something asked of the labels of a take; beside type and id, the request's own fields."""

    needs = Role.LABEL

    type: Literal["label"]
    request: LabelRequest

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, given: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        own = {name: given[name] for name in ("type", "id") if name in given}
        return {**own, "request": {name: given[name] for name in given if name not in own}}


class LeaveTake(WindowMessage):
    """This window shows a take no longer that it may have changed."""

    needs = Role.LOOK

    type: Literal["leave_take"]
    take: Text


FromWindow: TypeAlias = (
    Beat
    | HeldKeys
    | TakeControl
    | AskStation
    | StartStation
    | StartLabeler
    | RollOut
    | BeginAttempt
    | JudgeAttempt
    | VoidAttempt
    | Label
    | LeaveTake
)
FROM_WINDOW: TypeAdapter[FromWindow] = TypeAdapter(
    Annotated[FromWindow, Field(discriminator="type")]
)
