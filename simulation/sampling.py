"""Draws scenes: which objects, where, and how they are lit and looked at."""

from typing import cast

import numpy as np

from .appearance import sample_look
from .language import BASE_VERBS, DIRECTION_Y, NOVEL_VERB, VERBS, Direction, Task, Verb, phrasings
from .objects import COLORS, SHAPES, is_base
from .scenes import BadScene, Numbers, ObjectSpec, SceneSpec, Split

WORKSPACE_M = ((0.36, 0.62), (-0.19, 0.19))  # object centres: x range, y range
GAP_M = 0.048  # room for an opened finger between two objects
PUSH_M = 0.12  # length of a push
_PUSH_LANE_M = 0.05  # half-width of the lane that a push needs, beside the object's radius
_PUSH_SEEN_SHARE = 0.75  # of push scenes whose target is a pair that the base has seen

Pair = tuple[str, str]  # colour, shape


def sample_scene(
    seed: int,
    *,
    verb: str | None = None,
    split: str = "base",
    direction: str | None = None,
) -> SceneSpec:
    """The scene of ``seed``: 2–4 distractors around the objects of one task.

    Base scenes hold nothing of the novel split. Novel scenes either ask for the novel verb,
    with mostly (3 of 4) targets that the base has seen, or for a base verb with a novel
    target; their distractors may be anything. ``direction`` is for pushes; without it, both
    are equally often. Raises BadScene for an unknown split or direction, and for a verb that
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
    allowed = BASE_VERBS if split == "base" else VERBS
    if name is None:
        return allowed[rng.integers(len(allowed))]
    return cast(Verb, _one_of(f"verb of the {split} split", name, allowed))


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BadScene(f"{value!r} is no {what}. There are: {', '.join(allowed)}.")
    return value


def _sample_task(rng: np.random.Generator, verb: Verb, split: Split, direction: Direction) -> Task:
    novel = split == "novel" and (verb != NOVEL_VERB or rng.random() > _PUSH_SEEN_SHARE)
    ability = {"stack": "stackable", "push": "pushable"}.get(verb, "graspable")
    target = _choose(rng, [p for p in _pairs(ability) if is_base(*p) != novel])
    if verb == "pick":
        return Task("pick", " ".join(target))
    if verb == "push":
        return Task("push", " ".join(target), direction=direction)
    landings = [
        pair
        for pair in _pairs("stackable" if verb == "stack" else "preposition")
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
    x, y = rng.uniform([x_low + inset, y_low + inset], [x_high - inset, y_high - inset])
    return float(x), float(y)


def _apart(one: ObjectSpec, other: ObjectSpec) -> bool:
    distance = np.hypot(one.x_m - other.x_m, one.y_m - other.y_m)
    return bool(distance >= one.kind.radius_m + other.kind.radius_m + GAP_M)


def _clear(item: ObjectSpec, placed: list[ObjectSpec], task: Task) -> bool:
    """Whether the item keeps off the lane along which the target is pushed."""
    if task.direction is None or not placed:
        return True
    target, side = placed[0], DIRECTION_Y[task.direction]
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
