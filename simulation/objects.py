"""What can lie on the table, in which colours, and which of it the shipped base may see."""

from dataclasses import dataclass

COLORS: dict[str, tuple[float, float, float]] = {
    "red": (0.78, 0.06, 0.09),
    "orange": (0.98, 0.46, 0.03),
    "yellow": (0.96, 0.84, 0.12),
    "green": (0.09, 0.55, 0.20),
    "blue": (0.10, 0.28, 0.80),
    "purple": (0.48, 0.14, 0.62),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one shape, and what can be done with it."""

    name: str
    height_m: float
    radius_m: float  # of the footprint's enclosing circle
    mass_kg: float
    grasp_symmetry: int = 0  # distinct grasp yaws in a full turn; 0 = any yaw
    graspable: bool = True
    pushable: bool = False
    stackable: bool = False  # can be stacked, and stacked upon
    turnable: bool = False  # can be laid on its side
    rolls: bool = False  # has no side on which it stands, so it cannot fall over
    preposition: str = ""  # "in" or "on" for landing places
    floor_m: float = 0.0  # height of a landing place's inner floor
    opening_m: float = 0.0  # radius within which a thing put there counts as there


SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape("cube", 0.045, 0.032, 0.09, 4, pushable=True, stackable=True, turnable=True),
        Shape("ball", 0.048, 0.024, 0.06, rolls=True),
        Shape("cylinder", 0.055, 0.022, 0.08, pushable=True, stackable=True, turnable=True),
        Shape("brick", 0.036, 0.045, 0.10, 2, pushable=True, stackable=True),
        Shape("disc", 0.026, 0.032, 0.08, pushable=True, stackable=True),
        Shape("hexagon", 0.040, 0.028, 0.09, 6, pushable=True, stackable=True),
        Shape("tower", 0.062, 0.026, 0.09, 4, turnable=True),
        Shape(
            "bowl", 0.045, 0.080, 0.40, graspable=False, preposition="in",
            floor_m=0.008, opening_m=0.055,
        ),
        Shape(
            "plate", 0.014, 0.075, 0.40, graspable=False, preposition="on",
            floor_m=0.010, opening_m=0.070,
        ),
        Shape(
            "tray", 0.022, 0.095, 0.45, 2, graspable=False, preposition="on",
            floor_m=0.006, opening_m=0.060,
        ),
        Shape(
            "bin", 0.055, 0.088, 0.45, 4, graspable=False, preposition="in",
            floor_m=0.006, opening_m=0.055,
        ),
    )
}  # fmt: skip

NOVEL_SHAPES = frozenset({"hexagon", "tower", "bin"})
NOVEL_PAIRS = frozenset(
    {
        ("red", "ball"), ("green", "cube"), ("blue", "cylinder"), ("yellow", "brick"),
        ("purple", "disc"), ("orange", "cube"), ("red", "bowl"), ("blue", "plate"),
        ("green", "tray"),
    }
)  # fmt: skip


def is_base(color: str, shape: str) -> bool:
    """Whether the shipped base may have seen this object."""
    return shape not in NOVEL_SHAPES and (color, shape) not in NOVEL_PAIRS
