"""What the station asks of the process that knows Desk, and what that says."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ...runtime.ipc.messages import Failed, Question
from ...runtime.ipc.worker_process import WorkerSettings
from ...runtime.validation import StrictModel

PilotButton = Literal["check", "circle", "cross", "up", "down", "left", "right"]


class DeskSettings(WorkerSettings):
    """Where Desk is. Who asks it is said in the environment alone."""

    place: str  # host, or host:port
    token: str  # file that keeps, for this user alone, who is in control of Desk
    listens: bool  # whether the buttons at the hand matter


class DeskDone(StrictModel):
    """It is done, in words."""

    kind: Literal["desk_done"] = "desk_done"
    text: str


class PrepareRobot(Question[DeskDone]):
    """Unlock the joints, and let FCI take clients."""

    kind: Literal["prepare_robot"] = "prepare_robot"


class ParkRobot(Question[DeskDone]):
    """End FCI, and lock the joints."""

    kind: Literal["park_robot"] = "park_robot"


class Pressed(StrictModel):
    """Somebody pressed a button at the hand."""

    kind: Literal["pressed"] = "pressed"
    button: PilotButton


class Listening(StrictModel):
    """Whether the buttons are heard, and if not, why."""

    kind: Literal["listening"] = "listening"
    text: str = ""


DeskRequest: TypeAlias = PrepareRobot | ParkRobot
DeskNews: TypeAlias = DeskDone | Pressed | Listening | Failed

DESK_REQUESTS: TypeAdapter[DeskRequest] = TypeAdapter(
    Annotated[DeskRequest, Field(discriminator="kind")]
)
DESK_NEWS: TypeAdapter[DeskNews] = TypeAdapter(Annotated[DeskNews, Field(discriminator="kind")])
