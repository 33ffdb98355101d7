"""Things that nobody has a name for: bodies made by chance, each told by its number.

Who learns words from things that all have a name takes a strange word for one of them. Between
things without a name it learns that a strange word means what it knows no word for. ``thing-17``
is the same body everywhere, so a scene with it is plain data like any other. None of them is like
a shape that the shipped base must not have seen.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from .objects import Shape

COUNT = 600
_NAME = re.compile(r"thing-(\d{1,3})")
_MASS_KG = 0.08
_TALL = 1.25  # height by width, from which a box is a tower


class Body(NamedTuple):
    """A shape, and its geoms."""

    shape: Shape
    geoms: tuple[str, ...]


class _Form(NamedTuple):
    """What a body is made of, its height and the radius of its footprint."""

    geoms: tuple[str, ...]
    height_m: float
    radius_m: float


def unnamed(number: int) -> str:
    """The name in scenes of one of COUNT bodies."""
    return f"thing-{number % COUNT}"


def is_unnamed(shape: str) -> bool:
    """Whether it is one of them."""
    return _NAME.fullmatch(shape) is not None


@cache
def body(shape: str) -> Body:
    """The body of that name. Raises KeyError where there is none."""
    found = _NAME.fullmatch(shape)
    if found is None or int(found[1]) >= COUNT:
        raise KeyError(shape)
    draw = np.random.default_rng([991, int(found[1])])
    form = _FORMS[draw.integers(len(_FORMS))](draw)
    return Body(Shape(shape, form.height_m, form.radius_m, _MASS_KG), form.geoms)


def _block(draw: np.random.Generator) -> _Form:
    x, y = draw.uniform([0.012, 0.012], [0.045, 0.030])
    z = draw.uniform(0.006, min(0.030, _TALL * max(x, y)))
    return _Form((f'type="box" size="{x} {y} {z}"',), 2 * z, float(np.hypot(x, y)))


def _drum(draw: np.random.Generator) -> _Form:
    radius, z = draw.uniform([0.014, 0.006], [0.036, 0.035])
    return _Form((f'type="cylinder" size="{radius} {z}"',), 2 * z, radius)


def _egg(draw: np.random.Generator) -> _Form:
    x, y, z = draw.uniform([0.014, 0.014, 0.010], [0.040, 0.030, 0.032])
    return _Form((f'type="ellipsoid" size="{x} {y} {z}"',), 2 * z, max(x, y))


def _angle(draw: np.random.Generator) -> _Form:
    """An L or a T, lying."""
    x, thick, z, arm = draw.uniform([0.018, 0.007, 0.008, 0.012], [0.036, 0.013, 0.020, 0.030])
    beside = draw.uniform(-x, x)
    geoms = (
        f'type="box" size="{x} {thick} {z}"',
        f'type="box" size="{thick} {arm} {z}" pos="{beside} {arm} 0"',
    )
    return _Form(geoms, 2 * z, float(np.hypot(x, 2 * arm)))


def _cross(draw: np.random.Generator) -> _Form:
    x, thick, z = draw.uniform([0.016, 0.008, 0.008], [0.034, 0.014, 0.020])
    geoms = (f'type="box" size="{x} {thick} {z}"', f'type="box" size="{thick} {x} {z}"')
    return _Form(geoms, 2 * z, x)


def _knob(draw: np.random.Generator) -> _Form:
    """A plate with a peg upon it."""
    x, z, share = draw.uniform([0.016, 0.008, 0.4], [0.034, 0.016, 0.7])
    geoms = (
        f'type="box" size="{x} {0.8 * x} {z}"',
        f'type="cylinder" size="{share * x} {z}" pos="0 0 {2 * z}"',
    )
    return _Form(geoms, 2 * z, 1.3 * x)


def _roll(draw: np.random.Generator) -> _Form:
    """A capsule, lying."""
    radius, half = draw.uniform([0.010, 0.010], [0.020, 0.030])
    geom = f'type="capsule" size="{radius} {half}" quat="0.70711 0 0.70711 0"'
    return _Form((geom,), 2 * radius, radius + half)


_FORMS: tuple[Callable[[np.random.Generator], _Form], ...] = (
    _block, _drum, _egg, _angle, _cross, _knob, _roll,
)  # fmt: skip
