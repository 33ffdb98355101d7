"""Draws scenes: which objects, where, and how they are lit and looked at."""

from typing import cast

import numpy as np

from .appearance import sample_look
from .language import (
    BASE_VERBS,
    DIRECTION_Y,
    NOVEL_VERBS,
    VERBS,
    Direction,
    Task,
    Verb,
    phrasings,
)
from .objects import COLORS, SHAPES, is_base
from .scenes import BadScene, Numbers, ObjectSpec, SceneSpec, Split

WORKSPACE_M = ((0.36, 0.62), (-0.19, 0.19))  # object centres: x range, y range
GAP_M = 0.048  # room for an opened finger between two objects
PUSH_M = 0.12  # length of a push
_PUSH_LANE_M = 0.05  # half-width of the lane that a push needs, beside the object's radius
_SEEN_SHARE = 0.75  # of scenes of novel verbs whose target is a pair that the base has seen
BEHIND_GAP_M = 0.025  # between a thing and what is put behind it
_FRONT_X_M = (0.51, 0.60)  # of things behind which there must be room
_TURNING_X_M = (0.40, 0.54)
_TURNING_ROOM_M = 0.10  # before and behind a thing that is turned over

# What an object must be, by the verb, to be its target or to be where that goes.
_TARGETS = {"stack": "stackable", "push": "pushable", "turn_over": "turnable"}
_LANDINGS = {"stack": "stackable", "put": "preposition", "put_behind": "pushable"}

Pair = tuple[str, str]  # colour, shape


def sample_scene(
    seed: int,
    *,
    verb: str | None = None,
    split: str = "base",
    direction: str | None = None,
) -> SceneSpec:
    """The scene of ``seed``: 2–4 distractors around the objects of one task.

    Base scenes hold nothing of the novel split. Novel scenes either ask for a novel verb (for push
    where none is named), with mostly (3 of 4) targets that the base has seen, or for a base verb
    with a novel target; their distractors may be anything. ``direction`` is for pushes; without it,
    both are equally often. Raises BadScene for an unknown split or direction, and for a verb that
    the split does not have.
    """
    wanted = _split(split)
    rng = np.random.default_rng([seed, 0 if wanted == "base" else 1])
    chosen, side = _verb(rng, verb, wanted), _direction(seed, direction)
    for _ in range(200):
        task = _sample_task(rng, chosen, wanted, side)
        layout = _place(rng, _with_distractors(rng, task, wanted), task)
        if layout is not None:
            return _finish(rng, seed, wanted, task, layout)
    raise BadScene(f"No free layout was found for seed {seed}; take another seed.")


def _split(name: str) -> Split:
    return cast(Split, _one_of("split", name, ("base", "novel")))


def _direction(seed: int, name: str | None) -> Direction:
    """Thue–Morse: any run of consecutive or of even seeds has as many lefts as rights."""
    fair = "left" if seed.bit_count() % 2 == 0 else "right"
    return cast(Direction, _one_of("direction", name or fair, tuple(DIRECTION_Y)))


def _verb(rng: np.random.Generator, name: str | None, split: Split) -> Verb:
    if name is None:
        drawn = BASE_VERBS if split == "base" else (*BASE_VERBS, "push")
        return drawn[rng.integers(len(drawn))]
    allowed = BASE_VERBS if split == "base" else VERBS
    return cast(Verb, _one_of(f"verb of the {split} split", name, allowed))


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BadScene(f"{value!r} is no {what}. There are: {', '.join(allowed)}.")
    return value


def _sample_task(rng: np.random.Generator, verb: Verb, split: Split, direction: Direction) -> Task:
    novel = split == "novel" and (verb not in NOVEL_VERBS or rng.random() > _SEEN_SHARE)
    ability = _TARGETS.get(verb, "graspable")
    target = _choose(rng, [p for p in _pairs(ability) if is_base(*p) != novel])
    if verb == "push":
        return Task("push", " ".join(target), direction=direction)
    if verb not in _LANDINGS:
        return Task(verb, " ".join(target))
    landings = [
        pair
        for pair in _pairs(_LANDINGS[verb])
        if pair[0] != target[0] and (split == "novel" or is_base(*pair))
    ]
    return Task(verb, " ".join(target), destination=" ".join(_choose(rng, landings)))


def _pairs(ability: str) -> list[Pair]:
    shapes = [shape.name for shape in SHAPES.values() if getattr(shape, ability)]
    return [(color, shape) for shape in shapes for color in COLORS]


def _choose(rng: np.random.Generator, pairs: list[Pair]) -> Pair:
    """Shapes are equally likely, then colours; a shape with fewer colours is no rarer."""
    shapes = sorted({shape for _, shape in pairs})
    shape = shapes[rng.integers(len(shapes))]
    matching = [pair for pair in pairs if pair[1] == shape]
    return matching[rng.integers(len(matching))]


def _with_distractors(rng: np.random.Generator, task: Task, split: Split) -> list[Pair]:
    names = [name for name in (task.target, task.destination) if name]
    chosen: list[Pair] = [(name.split()[0], name.split()[1]) for name in names]
    color, shape = chosen[0]
    allowed = [p for p in _pairs("name") if split == "novel" or is_base(*p)]
    for kind in rng.permutation(["color", "shape", "any", "any"])[: rng.integers(2, 5)]:
        free = [p for p in allowed if p not in chosen and _one_landing(p, chosen)]
        alike = [
            p
            for p in free
            if kind == "any" or (p[0] == color if kind == "color" else p[1] == shape)
        ]
        chosen.append(_choose(rng, alike or free))
    return chosen


def _one_landing(pair: Pair, chosen: list[Pair]) -> bool:
    """Landing places are large: a second one would leave no room."""
    return SHAPES[pair[1]].graspable or all(SHAPES[shape].graspable for _, shape in chosen)


def _place(rng: np.random.Generator, pairs: list[Pair], task: Task) -> list[ObjectSpec] | None:
    placed: list[ObjectSpec] = []
    for color, shape in pairs:
        for _ in range(60):
            item = ObjectSpec(
                color, shape, *_position(rng, shape, task, placed), rng.uniform(-np.pi, np.pi)
            )
            if all(_apart(item, other) for other in placed) and _clear(item, placed, task):
                placed.append(item)
                break
        else:
            return None
    return placed


def _position(
    rng: np.random.Generator, shape: str, task: Task, placed: list[ObjectSpec]
) -> tuple[float, float]:
    (x_low, x_high), (y_low, y_high) = WORKSPACE_M
    inset = max(0.0, SHAPES[shape].radius_m - 0.05)
    if task.direction and not placed:  # the target of a push, which must stay in view
        side = DIRECTION_Y[task.direction]
        y_low, y_high = sorted((-side * 0.13, side * 0.04))
        return float(rng.uniform(x_low, x_high)), float(rng.uniform(y_low, y_high))
    if task.verb == "turn_over" and not placed:
        x_low, x_high = _TURNING_X_M
    if task.verb == "put_behind" and len(placed) == 1:
        x_low, x_high = _FRONT_X_M
    x, y = rng.uniform([x_low + inset, y_low + inset], [x_high - inset, y_high - inset])
    return float(x), float(y)


def _apart(one: ObjectSpec, other: ObjectSpec) -> bool:
    distance = np.hypot(one.x_m - other.x_m, one.y_m - other.y_m)
    return bool(distance >= one.kind.radius_m + other.kind.radius_m + GAP_M)


def _clear(item: ObjectSpec, placed: list[ObjectSpec], task: Task) -> bool:
    """Whether the item leaves the room that the task needs."""
    rooms = {"push": _off_lane, "turn_over": _off_fall, "put_behind": _off_place_behind}
    return task.verb not in rooms or not placed or rooms[task.verb](item, placed, task)


def _off_place_behind(item: ObjectSpec, placed: list[ObjectSpec], task: Task) -> bool:
    """The place behind the second thing, and the fingers' beside it."""
    target, *others = placed
    front, item = (others[0], item) if others else (item, target)
    x_m = front.x_m - front.kind.radius_m - BEHIND_GAP_M - target.kind.radius_m
    far = np.hypot(item.x_m - x_m, item.y_m - front.y_m)
    return bool(far >= target.kind.radius_m + item.kind.radius_m + GAP_M)


def _off_fall(item: ObjectSpec, placed: list[ObjectSpec], task: Task) -> bool:
    """Where the target falls, and the hand that leans over there."""
    target = placed[0]
    reach = item.kind.radius_m + target.kind.radius_m
    along, across = abs(item.x_m - target.x_m), abs(item.y_m - target.y_m)
    return not (along < reach + _TURNING_ROOM_M and across < reach + _PUSH_LANE_M)


def _off_lane(item: ObjectSpec, placed: list[ObjectSpec], task: Task) -> bool:
    """The lane along which the target is pushed."""
    target, side = placed[0], DIRECTION_Y[task.direction or "left"]
    along = side * (item.y_m - target.y_m)
    across = abs(item.x_m - target.x_m)
    reach = item.kind.radius_m + target.kind.radius_m
    ahead_or_behind = -0.07 - reach < along < PUSH_M + 0.03 + reach
    return not (ahead_or_behind and across < reach + _PUSH_LANE_M)


def _finish(
    rng: np.random.Generator, seed: int, split: Split, task: Task, layout: list[ObjectSpec]
) -> SceneSpec:
    target = layout[0]
    order = rng.permutation(len(layout))
    sentences = phrasings(task)
    return SceneSpec(
        seed=seed,
        split=split,
        objects=tuple(layout[i] for i in order),
        task=task,
        instruction=sentences[rng.integers(len(sentences))],
        target_is_base=is_base(target.color, target.shape),
        start_position_m=_start_position(rng),
        start_yaw_rad=float(rng.normal(0, 0.08)),
        look=sample_look(rng),
    )


def _start_position(rng: np.random.Generator) -> Numbers:
    return tuple(float(v) for v in rng.uniform([0.40, -0.04, 0.20], [0.48, 0.04, 0.25]))
