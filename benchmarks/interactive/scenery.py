"""Scenes for filming: an object to be labelled, what shares the table with it, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from teachloop.simulation.language import Task
from teachloop.simulation.objects import COLORS, SHAPES
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.scenes import Look, ObjectSpec, SceneSpec

THINGS = ("cube", "ball", "cylinder", "brick", "disc", "hexagon", "tower")
BLOCKS = ("cube", "cylinder", "hexagon", "tower")  # which pass each other closely
_TABLE_M = ((0.34, 0.64), (-0.24, 0.24))
_TRIES = 400


@dataclass(frozen=True, slots=True)
class Twin(ObjectSpec):
    """Another one of the same colour and shape."""

    @property
    def name(self) -> str:
        return f"other {self.color} {self.shape}"


def pick_one(rng: np.random.Generator, names: Sequence[str]) -> str:
    """One of the names, each equally likely."""
    return names[int(rng.integers(len(names)))]


def other_color(rng: np.random.Generator, color: str) -> str:
    """Any color but this one."""
    return pick_one(rng, [name for name in COLORS if name != color])


def lane(start: Sequence[float], end: Sequence[float], radius_m: float = 0.05) -> NDArray:
    """Places (n, 3) that are to stay free: x, y and radius."""
    between = np.linspace(start[:2], end[:2], 12)
    return np.column_stack([between, np.full(len(between), radius_m)])


def beside(
    rng: np.random.Generator,
    placed: Sequence[ObjectSpec],
    count: int,
    free: NDArray,
    color: str | None = None,
) -> list[ObjectSpec]:
    """So many further things, or as many as find room, off what is placed and what stays free."""
    found: list[ObjectSpec] = []
    for _ in range(_TRIES):
        if len(found) == count:
            break
        chosen, shape = color or pick_one(rng, list(COLORS)), pick_one(rng, THINGS)
        x, y = map(float, rng.uniform(*np.transpose(_TABLE_M)))
        item = ObjectSpec(chosen, shape, x, y, float(rng.uniform(-np.pi, np.pi)))
        known = [*placed, *found]
        if item.name not in [each.name for each in known] and _has_room(item, known, free):
            found.append(item)
    return found


def scene_of(seed: int, objects: Sequence[ObjectSpec], look: Look | None = None) -> SceneSpec:
    """A scene of these objects, the first of which is the target, seen as that seed sees it."""
    usual, target = sample_scene(seed, verb="pick"), objects[0].name
    return replace(
        usual,
        objects=tuple(objects),
        task=Task("pick", target),
        instruction=f"pick up the {target}",
        look=look or usual.look,
    )


def loud_look(rng: np.random.Generator, look: Look, color: str) -> Look:
    """A table of strong texture; half of the tables have the colour of the object."""
    accent = COLORS[color if rng.random() < 0.5 else other_color(rng, color)]
    base = np.asarray(look.table_rgb)
    mixed = base + float(rng.uniform(0.5, 0.8)) * (np.asarray(accent) - base)
    table = pick_one(rng, ("wood", "checker", "speckle"))
    return replace(look, table=table, table_accent_rgb=tuple(map(float, mixed)))


def _has_room(item: ObjectSpec, placed: Sequence[ObjectSpec], free: NDArray) -> bool:
    reach = item.kind.radius_m
    taken = [(other.x_m, other.y_m, other.kind.radius_m) for other in placed]
    places = np.concatenate([np.array(taken).reshape(-1, 3), free])
    away = np.hypot(places[:, 0] - item.x_m, places[:, 1] - item.y_m)
    return bool((away > places[:, 2] + reach + 0.005).all())


def width_m(item: ObjectSpec) -> float:
    """How far the hand is open that holds it."""
    return 1.6 * SHAPES[item.shape].radius_m if item.shape != "brick" else 0.04
