"""What happens beside the robot: a hand that pushes it, switches that a person turns, and trouble.

Each is a line of JSON with a ``kind``, said to the process of the simulated controller.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from ...runtime.validation import StrictModel
from .desk import Button
from .network import Trouble
from .wire import Fault, Mode

Number = Annotated[float, Field(allow_inf_nan=False)]


class Push(StrictModel):
    """A person pushes the hand for a while."""

    kind: Literal["push"] = "push"
    force_n: tuple[Number, Number, Number]
    torque_nm: tuple[Number, Number, Number] = (0.0, 0.0, 0.0)
    seconds: Annotated[float, Field(gt=0, le=600)] = 1.0


class Lead(StrictModel):
    """A person takes the hand and leads it along a way, from where it is, each point so many
    seconds after the one before; then lets go."""

    kind: Literal["lead"] = "lead"
    points_m: Annotated[tuple[tuple[Number, Number, Number], ...], Field(min_length=1)]
    seconds: Annotated[float, Field(gt=0, le=60)] = 1.0


class Switch(StrictModel):
    """A person turns a switch at the robot."""

    kind: Literal["switch"] = "switch"
    to: Literal["idle", "guiding", "user_stopped", "brakes"]

    @property
    def mode(self) -> Mode:
        return {
            "idle": Mode.IDLE,
            "guiding": Mode.GUIDING,
            "user_stopped": Mode.USER_STOPPED,
            "brakes": Mode.OTHER,
        }[self.to]


class Press(StrictModel):
    """A person presses a button at the hand, and lets go of it."""

    kind: Literal["press"] = "press"
    button: Button


class Stumble(StrictModel):
    """The robot stops by itself."""

    kind: Literal["stumble"] = "stumble"
    fault: Literal["joint_reflex", "cartesian_reflex", "communication_constraints"]

    @property
    def flag(self) -> Fault:
        return Fault[self.fault.upper()]


class NewTrouble(StrictModel):
    """The network becomes another."""

    kind: Literal["trouble"] = "trouble"
    trouble: Trouble


class Die(StrictModel):
    """The controller is gone at once, as without power."""

    kind: Literal["die"] = "die"


Beside: TypeAlias = Annotated[
    Push | Lead | Switch | Press | Stumble | NewTrouble | Die, Field(discriminator="kind")
]
BESIDE: TypeAdapter[Beside] = TypeAdapter(Beside)
