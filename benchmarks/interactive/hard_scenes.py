"""What makes labels hard, one kind a function: each draws a stage from a seed.

Every third seed of a kind goes another way about it, so that three seeds in a row show all.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np

from teachloop.simulation.scenes import ObjectSpec

from .filming import Grip, Stage
from .paths import UPRIGHT, Way, carried, hand_along, object_along
from .scenery import (
    BLOCKS,
    THINGS,
    Twin,
    beside,
    lane,
    loud_look,
    other_color,
    pick_one,
    scene_of,
    width_m,
)

END_S = 5.0
_HIGH_M = 0.22  # of a hand that only looks
_OVER_M = 0.10  # of one that carries something over another thing
_BOARD_M = 0.07  # height of the middle of a tray that stands on its long side
_BEFORE = 0.9  # metres towards the front camera for each metre up: there it covers what is below


def twins(seed: int) -> Stage:
    """Two of one colour and shape cross: both slide past, or one is carried before the other."""
    rng = np.random.default_rng([seed, 11])
    color, shape = _a_color(rng), pick_one(rng, BLOCKS)
    side, reach, x = _side(rng), rng.uniform(0.10, 0.14), rng.uniform(0.42, 0.50)
    yaw = float(rng.uniform(-0.3, 0.3))
    if seed % 3 == 0:
        gap = _side(rng) * rng.uniform(0.056, 0.064)
        target = ObjectSpec(color, shape, x, -side * reach, yaw)
        twin = Twin(color, shape, x + gap, side * reach, -yaw)
        ways = {item.name: _slide(item, (item.x_m, -item.y_m), 0.6, 4.2) for item in (target, twin)}
        return _watched(rng, seed, [target, twin], ways)
    before = x + _BEFORE * _OVER_M
    still, moved = (ObjectSpec, Twin) if seed % 3 == 1 else (Twin, ObjectSpec)
    lying = still(color, shape, x, side * float(rng.uniform(-0.03, 0.03)), yaw)
    lifted = moved(color, shape, before, side * reach, yaw)
    return _carrying(rng, seed, lifted, [lying], (before, -side * reach))


def occlusion(seed: int) -> Stage:
    """A board that stands upright hides all of the object: it slides behind it, or the board
    slides before it, or both move."""
    rng = np.random.default_rng([seed, 12])
    target, side = _target(rng, BLOCKS), _side(rng)
    x, reach = float(rng.uniform(0.42, 0.47)), float(rng.uniform(0.15, 0.18))
    start, end = (0.0, side * 0.03) if seed % 3 == 1 else (-side * reach, side * reach)
    target = ObjectSpec(target.color, target.shape, x, start, target.yaw_rad)
    board = ObjectSpec(other_color(rng, target.color), "tray", x + 0.035, 0.0, 0.0)
    standing = _BOARD_M
    from_y, to_y = (0.0, 0.0) if seed % 3 == 0 else (side * 0.22, -side * 0.22)
    ways = {
        target.name: _slide(target, (x, end), 0.5, 4.5),
        board.name: object_along(
            (0.3, 4.7),
            ((board.x_m, from_y, standing, 0.0), (board.x_m, to_y, standing, 0.0)),
            UPRIGHT,
        ),
    }
    return _watched(rng, seed, [target, board], ways)


def leaving(seed: int) -> Stage:
    """The object leaves the front camera's view, at a side or at the bottom, and comes back
    elsewhere; by itself, or in the hand."""
    rng = np.random.default_rng([seed, 13])
    drawn, side = _target(rng, THINGS), _side(rng)
    x, y = float(rng.uniform(0.42, 0.5)), side * float(rng.uniform(0.08, 0.14))
    target = ObjectSpec(drawn.color, drawn.shape, x, y, drawn.yaw_rad)
    back = (x + float(rng.uniform(0.03, 0.08)), y - side * float(rng.uniform(0.04, 0.1)))
    if seed % 3 == 2:
        return _carrying(rng, seed, target, [], (x, side * 0.44), back)
    away = (x, side * 0.46) if seed % 3 == 0 else (0.88, y)
    z = target.kind.height_m / 2
    places = [(*at, z, target.yaw_rad) for at in ((x, y), away, away, back)]
    ways = {target.name: object_along((0.4, 1.9, 2.6, 4.3), places)}
    return _watched(rng, seed, [target], ways, away)


def clutter(seed: int) -> Stage:
    """A loud table full of things, some of the object's colour; it slides or is carried through."""
    rng = np.random.default_rng([seed, 14])
    drawn, side = _target(rng, THINGS), _side(rng)
    x, reach = float(rng.uniform(0.44, 0.54)), float(rng.uniform(0.10, 0.15))
    target = ObjectSpec(drawn.color, drawn.shape, x, -side * reach, drawn.yaw_rad)
    end = (x, side * reach)
    free = lane((x, -side * reach), end, 0.03 + target.kind.radius_m)
    alike = beside(rng, [target], 2, free, target.color)
    others = beside(rng, [target, *alike], 9, free)
    if seed % 3 == 1:
        stage = _carrying(rng, seed, target, [*alike, *others], end)
    else:
        ways = {target.name: _slide(target, end, 0.6, 4.2)}
        stage = _watched(rng, seed, [target, *alike, *others], ways, alone=True)
    look = loud_look(rng, stage.scene.look, target.color)
    scene = scene_of(seed, stage.scene.objects, look)
    return Stage(scene=scene, hand=stage.hand, objects=stage.objects, grip=stage.grip)


def blur(seed: int) -> Stage:
    """Object and hand dash about, before shutters that are open for most of the time."""
    rng = np.random.default_rng([seed, 15])
    drawn = _target(rng, THINGS)
    corners = rng.permutation([(0.42, -0.13), (0.42, 0.13), (0.54, -0.11), (0.54, 0.11)])
    x, y = map(float, corners[0])
    target = ObjectSpec(drawn.color, drawn.shape, x, y, drawn.yaw_rad)
    z, yaw = target.kind.height_m / 2, target.yaw_rad
    stops = [(*map(float, corner), z, yaw + i) for i, corner in enumerate([*corners, corners[0]])]
    times = [0.4, 1.3, 2.2, 3.1, 4.0]
    hand = [(*rng.uniform((0.38, -0.1, 0.18), (0.48, 0.1, 0.26)), rng.uniform(-0.5, 0.5))
            for _ in range(6)]  # fmt: skip
    free = np.concatenate([lane(here, there) for here, there in pairwise(corners)])
    objects = [target, *beside(rng, [target], 3, free)]
    return Stage(
        scene=scene_of(seed, objects),
        hand=hand_along([0.2, 1.1, 2.0, 2.9, 3.8, 4.7], hand),
        objects={target.name: object_along(times, stops)},
        shutter_s=float(rng.uniform(0.025, 0.045)),
    )


KINDS: Mapping[str, Callable[[int], Stage]] = {
    "twins": twins,
    "occlusion": occlusion,
    "leaving": leaving,
    "clutter": clutter,
    "blur": blur,
}


def _a_color(rng: np.random.Generator) -> str:
    return other_color(rng, "")


def _side(rng: np.random.Generator) -> float:
    return float(rng.choice([-1.0, 1.0]))


def _target(rng: np.random.Generator, shapes: tuple[str, ...]) -> ObjectSpec:
    return ObjectSpec(_a_color(rng), pick_one(rng, shapes), 0.0, 0.0, float(rng.uniform(-0.4, 0.4)))


def _slide(item: ObjectSpec, end: tuple[float, float], start_s: float, end_s: float) -> Way:
    z = item.kind.height_m / 2
    places = [(item.x_m, item.y_m, z, item.yaw_rad), (*end, z, item.yaw_rad)]
    return object_along((start_s, end_s), places)


def _watched(
    rng: np.random.Generator,
    seed: int,
    objects: list[ObjectSpec],
    ways: Mapping[str, Way],
    away: tuple[float, float] | None = None,
    *,
    alone: bool = False,
) -> Stage:
    """The objects go their ways, and the hand looks on from places of its own."""
    places = [(*rng.uniform((0.36, -0.08), (0.44, 0.08)), _HIGH_M + rng.uniform(-0.03, 0.03),
               rng.uniform(-0.4, 0.4)) for _ in range(4)]  # fmt: skip
    ends = [tuple(way(END_S)[:2, 3].tolist()) for way in ways.values()]
    starts = [(item.x_m, item.y_m) for item in objects if item.name in ways]
    stops = [*ends, away] if away else ends
    lanes = [lane(start, end, 0.06) for start in starts for end in stops]
    others = [] if alone else beside(rng, objects, 3, np.concatenate(lanes))
    return Stage(
        scene=scene_of(seed, [*objects, *others]),
        hand=hand_along((0.2, 1.7, 3.2, 4.7), places),
        objects=ways,
    )


def _carrying(
    rng: np.random.Generator,
    seed: int,
    item: ObjectSpec,
    others: list[ObjectSpec],
    *ends: tuple[float, float],
) -> Stage:
    """The hand takes an object over the others to its ends, one after the other."""
    yaw, z = item.yaw_rad, max(item.kind.height_m / 2, 0.014)
    first = (item.x_m, item.y_m)
    taking = [(*first, height, yaw) for height in (_HIGH_M, z, z, _OVER_M)]
    moving = [(*end, _OVER_M, yaw) for end in ends]
    leaving_it = [(*ends[-1], height, yaw) for height in (z, z, 0.18)]
    over = np.linspace(1.9, 3.7, len(ends) + 1)
    times = [0.1, 0.8, 1.4, *over.tolist(), 4.2, 4.5, END_S]
    hand = hand_along(times, [*taking, *moving, *leaving_it])
    grip = Grip(0.8, 4.2, width_m(item))
    ways = {item.name: carried(item, hand, 1.3, 4.2)}
    placed = [item, *others] if item.name.split()[0] != "other" else [*others, item]
    lanes = np.concatenate([lane(first, end, 0.06) for end in ends])
    further = beside(rng, placed, 2, lanes)
    return Stage(scene=scene_of(seed, [*placed, *further]), hand=hand, objects=ways, grip=grip)
