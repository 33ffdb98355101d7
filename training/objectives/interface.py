"""What an objective is: a loss on batches of one kind. Imports nothing heavy."""

from dataclasses import dataclass
from typing import Literal

Data = Literal["frames", "features", "looks"]
"""frames: images of takes and what is labeled in them. features: what a frozen encoder made of
them, and the actions. looks: an OpenVLA's pictures, instructions and actions."""
Decoding = Literal["regression", "two_step", "flow"]
"""regression: the head says the actions at once. two_step: it is shown its first answer and
corrects it. flow: it makes them of noise, in many steps."""


@dataclass(frozen=True, slots=True)
class Objective:
    """Where a loss is found, and on what it is computed."""

    reads: Data
    place: str
    """``module:function``, loaded when it is asked for. The function takes a batch, which knows
    the model that it is of, and gives its loss."""
    decoding: Decoding = "regression"
    """How a head that learned by it acts."""
