"""What poses and actions are of: the arm, the tool at its flange, and the gripper, where there is
one."""

from typing import Annotated

from pydantic import Field
from typing_extensions import Self

from ..geometry.arms import ArmName
from ..geometry.panda import HAND_OPENING_M
from .tool import FRANKA_HAND, Plain, Tool, in_words


class Gripper(Plain):
    """A gripper as takes and policies know it."""

    driver: Annotated[str, Field(min_length=1)] = "hand"
    opening_m: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = HAND_OPENING_M
    """How far apart its fingers are when it is open."""


FRANKA_GRIPPER = Gripper()


class Embodiment(Plain):
    """An arm, and what is mounted at it. Left out, it is a Panda with its hand, as for takes and
    adapters of before."""

    arm: ArmName = "panda"
    """Both arms have the same links, so what is learned on one holds for the other."""

    tool: Tool = FRANKA_HAND
    """All poses are of its centre point."""
    gripper: Gripper | None = FRANKA_GRIPPER
    """None: there is none, neither in states nor in actions."""

    def unlike(self, other: Self) -> str:
        """Why numbers of this one are not those of another, in words that end with where the other
        is; empty: they are."""
        if (self.gripper is None) != (other.gripper is None):
            own, others = ("without", "is one") if self.gripper is None else ("with", "is none")
            return f"{own} a gripper, and there {others}"
        if not self.tool.same_as(other.tool):
            return (
                f"with a tool whose centre point is {in_words(self.tool, other.tool)} from that of "
                "the one"
            )
        return ""


FRANKA = Embodiment()
