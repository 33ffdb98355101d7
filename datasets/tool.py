"""The tool at a Franka's flange: where its centre point is, and what the arm carries with it."""

from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..geometry.arm_motion import lengths
from ..geometry.panda import HAND_TOOL
from ..geometry.poses import make_pose, pose_delta
from ..geometry.rotations import AS_WRITTEN, Array
from ..runtime.validation import MustBe

FARTHEST_M = 1.0  # of a tool's centre point: what is farther was meant in millimetres
EXACT = 1e-12  # so near, they are as a rotation was computed
SAME_M, SAME_RAD = 0.003, 0.03  # nearer than that, two tools are one that was measured twice

Metres = Annotated[
    float,
    Field(ge=-FARTHEST_M, le=FARTHEST_M, allow_inf_nan=False),
    MustBe("a number of metres from -1 to 1"),
]
Number = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Place: TypeAlias = tuple[Metres, Metres, Metres]
Row: TypeAlias = tuple[Number, Number, Number]
Matrix: TypeAlias = tuple[Row, Row, Row]


def _rotation(rows: Matrix) -> Matrix:
    matrix = np.array(rows)
    if np.abs(matrix @ matrix.T - np.eye(3)).max() > AS_WRITTEN:
        raise ValueError("must be a rotation: rows of length 1, at right angles to each other")
    if np.linalg.det(matrix) < 0:
        raise ValueError("must be a rotation, and this one mirrors: turn the signs of one row")
    return rows


def _inertia(rows: Matrix) -> Matrix:
    matrix = np.array(rows)
    if not np.allclose(matrix, matrix.T, atol=1e-9):
        raise ValueError("must be symmetric: row by row the same as column by column")
    moments = np.linalg.eigvalsh(matrix)
    if moments[0] < -1e-9 or moments[2] > moments[0] + moments[1] + 1e-9:
        raise ValueError(
            "must be the inertia of a body: none of its three principal moments is negative, or "
            "larger than the other two together"
        )
    return rows


class Plain(BaseModel):
    """Settings and takes have it, as lists of numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tool(Plain):
    """Where the tool's centre point is, seen from the flange. Franka's manuals call it F_T_EE."""

    position_m: Place
    """From the flange's middle to the tool's centre point, in the flange's frame."""
    rotation: Annotated[Matrix, AfterValidator(_rotation)] = (
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 1.0),
    )
    """Its columns are the tool's axes in the flange's frame; z points out of the tool."""

    @classmethod
    def of(cls, flange_to_tool: ArrayLike) -> "Tool":
        """The tool of a pose (4, 4) in the flange's frame."""
        pose = np.asarray(flange_to_tool, np.float64)
        return cls.model_validate(
            {"position_m": pose[:3, 3].tolist(), "rotation": pose[:3, :3].tolist()}
        )

    @property
    def pose(self) -> Array:
        """(4, 4) in the flange's frame; what was rounded in writing is a rotation again."""
        rotation = np.array(self.rotation)
        if np.abs(rotation @ rotation.T - np.eye(3)).max() > EXACT:
            u, _, vt = np.linalg.svd(rotation)
            rotation = u @ vt
        return make_pose(rotation, self.position_m)

    def away(self, other: "Tool") -> tuple[float, float]:
        """How far apart two tools' centre points are, m, and how far they are turned, rad."""
        metres, radians = lengths(pose_delta(self.pose, other.pose))
        return float(metres), float(radians)

    def same_as(self, other: "Tool") -> bool:
        """Whether poses of one stand for poses of the other."""
        metres, radians = self.away(other)
        return metres <= SAME_M and radians <= SAME_RAD


class Payload(Plain):
    """What the arm carries beside the end effector that Desk knows of."""

    mass_kg: Annotated[float, Field(ge=0, le=3, allow_inf_nan=False)] = 0.0
    """Its mass; 0: nothing."""
    centre_m: Place = (0.0, 0.0, 0.0)
    """Its centre of mass, in the flange's frame. Franka's manuals call it F_x_Cload."""
    inertia_kg_m2: Annotated[Matrix, AfterValidator(_inertia)] = (
        (0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0),
    )
    """Its inertia about that centre, along the flange's axes."""


FRANKA_HAND = Tool.of(HAND_TOOL)
FLANGE = Tool(position_m=(0.0, 0.0, 0.0))


def in_words(tool: Tool, other: Tool) -> str:
    """How far apart two tools are, for a sentence."""
    metres, radians = tool.away(other)
    return f"{1000 * metres:.0f} mm and {np.degrees(radians):.0f}°"
