"""The shapes as MuJoCo geoms. Things are centred on their middle, landing places on their foot."""

import numpy as np

from .objects import Shape
from .unnamed import body

_FRICTION = 'friction="0.55 0.01 0.003"'
_BOWL_WALLS = 12


def parts(shape: Shape, rgb: tuple[float, float, float]) -> str:
    """All geoms of one object of that shape and colour."""
    color = " ".join(str(value) for value in rgb) + " 1"
    geoms = _SHAPES.get(shape.name) or body(shape.name).geoms
    share = shape.mass_kg / len(geoms)
    return "".join(
        f'<geom {geom} rgba="{color}" mass="{share:.5f}" condim="{_condim(shape)}" {_FRICTION}/>'
        for geom in geoms
    )


def _condim(shape: Shape) -> int:
    return 6 if shape.name in ("ball", "cylinder", "disc") else 3


def _bowl() -> tuple[str, ...]:
    angles = np.arange(_BOWL_WALLS) * 2 * np.pi / _BOWL_WALLS
    walls = (
        f'type="box" size="0.003 0.0195 0.022" quat="{_tilt(a)}"'
        f' pos="{0.063 * np.cos(a):.5f} {0.063 * np.sin(a):.5f} 0.025"'
        for a in angles
    )
    return ('type="cylinder" size="0.056 0.004" pos="0 0 0.004"', *walls)


def _tilt(angle: float) -> str:
    """Turned outwards by 0.45 rad about y, then about z by ``angle``."""
    cy, sy = np.cos(0.225), np.sin(0.225)
    cz, sz = np.cos(angle / 2), np.sin(angle / 2)
    return f"{cz * cy:.6f} {-sz * sy:.6f} {cz * sy:.6f} {sz * cy:.6f}"


def _walled(half_x: float, half_y: float, height: float, thick: float) -> tuple[str, ...]:
    """An open box: a floor of 6 mm, and four walls that end above the table."""
    half_z, middle = height / 2 - 0.001, height / 2 + 0.001
    return (
        f'type="box" size="{half_x} {half_y} 0.003" pos="0 0 0.003"',
        *(
            f'type="box" size="{half_x} {thick} {half_z}" pos="0 {s * (half_y - thick)} {middle}"'
            for s in (-1, 1)
        ),
        *(
            f'type="box" size="{thick} {half_y - 2 * thick} {half_z}"'
            f' pos="{s * (half_x - thick)} 0 {middle}"'
            for s in (-1, 1)
        ),
    )


_SHAPES: dict[str, tuple[str, ...]] = {
    "cube": ('type="box" size="0.0225 0.0225 0.0225"',),
    "ball": ('type="sphere" size="0.024"',),
    "cylinder": ('type="cylinder" size="0.0215 0.0275"',),
    "brick": ('type="box" size="0.040 0.020 0.018"',),
    "disc": ('type="cylinder" size="0.0315 0.013"',),
    "hexagon": ('type="mesh" mesh="hexagon"',),
    "tower": ('type="box" size="0.018 0.018 0.031"',),
    "bowl": _bowl(),
    "plate": (
        'type="cylinder" size="0.060 0.005" pos="0 0 0.005"',
        'type="cylinder" size="0.075 0.003" pos="0 0 0.007"',
    ),
    "tray": _walled(0.080, 0.060, 0.022, 0.004),
    "bin": _walled(0.062, 0.062, 0.055, 0.004),
}
