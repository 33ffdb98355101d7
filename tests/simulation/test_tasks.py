"""The suite as data: vocabulary, language, the base/novel split, and layouts."""

import re

import numpy as np
import pytest

from teachloop.simulation.sampling import BEHIND_GAP_M, GAP_M, WORKSPACE_M
from teachloop.simulation.tasks import (
    BASE_VERBS,
    COLORS,
    NOVEL_PAIRS,
    NOVEL_SHAPES,
    NOVEL_VERBS,
    SHAPES,
    BadScene,
    SceneSpec,
    Task,
    is_base,
    phrasings,
    sample_scene,
)

SEEDS = range(150)
NOVEL_WORDS = "push|slid|shov|nudg|left|right|swip|drag|poke|sweep|behind|over|tip|knock|toppl"
NOVEL = re.compile(rf"\b({NOVEL_WORDS})", re.IGNORECASE)


def test_vocabulary_is_large_enough_and_well_separated() -> None:
    assert len(COLORS) >= 6
    assert len(SHAPES) >= 5
    values = np.array(list(COLORS.values()))
    apart = np.linalg.norm(values[:, None] - values[None], axis=-1) + 9 * np.eye(len(values))
    assert apart.min() > 0.3


@pytest.mark.parametrize("verb", [None, *BASE_VERBS])
def test_base_scenes_hold_nothing_novel(verb) -> None:
    for seed in SEEDS:
        scene = sample_scene(seed, verb=verb)
        assert scene.task.verb not in NOVEL_VERBS
        assert scene.target_is_base
        for item in scene.objects:
            assert item.shape not in NOVEL_SHAPES
            assert (item.color, item.shape) not in NOVEL_PAIRS
        assert not NOVEL.search(scene.instruction)


def test_no_base_phrasing_speaks_of_what_is_novel() -> None:
    tasks = [
        Task("pick", "red cube"),
        Task("put", "red cube", "blue bowl"),
        Task("put", "red cube", "blue tray"),
        Task("stack", "red cube", "blue brick"),
    ]
    for task in tasks:
        assert not any(NOVEL.search(sentence) for sentence in phrasings(task))


@pytest.mark.parametrize(
    ("task", "least"),
    [
        (Task("pick", "red cube"), 12),
        (Task("put", "red cube", "blue bowl"), 12),
        (Task("stack", "red cube", "blue disc"), 12),
        (Task("push", "red cube", direction="left"), 6),
        (Task("put_behind", "red cube", "blue brick"), 6),
        (Task("turn_over", "red cube"), 6),
    ],
)
def test_every_verb_has_many_distinct_phrasings(task, least) -> None:
    sentences = phrasings(task)
    assert len(set(sentences)) == len(sentences) >= least
    assert all(task.target in sentence for sentence in sentences)
    assert not any("None" in sentence for sentence in sentences)


@pytest.mark.parametrize("verb", BASE_VERBS)
def test_novel_scenes_of_base_verbs_have_a_novel_target(verb) -> None:
    for seed in SEEDS:
        scene = sample_scene(seed, verb=verb, split="novel")
        target = scene.find(scene.task.target)
        assert not is_base(target.color, target.shape)
        assert not scene.target_is_base


def test_pushes_go_both_ways_equally_and_mostly_move_familiar_things() -> None:
    scenes = [sample_scene(seed, verb="push", split="novel") for seed in range(200)]
    assert sum(scene.task.direction == "left" for scene in scenes) == 100
    assert 0.65 < np.mean([scene.target_is_base for scene in scenes]) < 0.85
    even = [sample_scene(seed, verb="push", split="novel") for seed in range(0, 64, 2)]
    assert sum(scene.task.direction == "left" for scene in even) == 16


@pytest.mark.parametrize("verb", NOVEL_VERBS)
def test_a_novel_verb_is_refused_in_the_base_split(verb) -> None:
    with pytest.raises(BadScene, match="pick, put, stack"):
        sample_scene(0, verb=verb)


def test_there_is_room_behind_a_thing_that_another_is_put_behind() -> None:
    for seed in SEEDS:
        scene = sample_scene(seed, verb="put_behind", split="novel")
        target, front = (
            scene.find(name or "") for name in (scene.task.target, scene.task.destination)
        )
        x = front.x_m - front.kind.radius_m - BEHIND_GAP_M - target.kind.radius_m
        assert x >= WORKSPACE_M[0][0]
        for item in scene.objects:
            free = np.hypot(item.x_m - x, item.y_m - front.y_m) - target.kind.radius_m
            assert item == front or free >= item.kind.radius_m + GAP_M


@pytest.mark.parametrize("split", ["base", "novel"])
def test_layouts_are_reachable_apart_and_unambiguous(split) -> None:
    (x_low, x_high), (y_low, y_high) = WORKSPACE_M
    for seed in SEEDS:
        scene = sample_scene(seed, split=split)
        needed = 1 + (scene.task.destination is not None)
        assert needed + 2 <= len(scene.objects) <= needed + 4
        assert len({item.name for item in scene.objects}) == len(scene.objects)
        for i, one in enumerate(scene.objects):
            assert x_low <= one.x_m <= x_high
            assert y_low <= one.y_m <= y_high
            for other in scene.objects[:i]:
                distance = np.hypot(one.x_m - other.x_m, one.y_m - other.y_m)
                assert distance >= one.kind.radius_m + other.kind.radius_m + GAP_M


def test_distractors_often_share_colour_or_shape_with_the_target() -> None:
    color = shape = 0
    for seed in SEEDS:
        scene = sample_scene(seed, verb="pick")
        target = scene.find(scene.task.target)
        others = [item for item in scene.objects if item != target]
        color += any(item.color == target.color for item in others)
        shape += any(item.shape == target.shape for item in others)
    assert color > 0.5 * len(SEEDS)
    assert shape > 0.5 * len(SEEDS)


@pytest.mark.parametrize("split", ["base", "novel"])
def test_scenes_are_repeatable_and_survive_json(split) -> None:
    for seed in range(30):
        scene = sample_scene(seed, split=split)
        assert scene == sample_scene(seed, split=split)
        assert SceneSpec.from_json(scene.to_json()) == scene


@pytest.mark.parametrize("text", ["", "[]", '{"seed": 3}', "null"])
def test_what_is_no_scene_is_refused(text) -> None:
    with pytest.raises(BadScene):
        SceneSpec.from_json(text)


def test_instructions_use_many_phrasings() -> None:
    sentences = {sample_scene(seed, verb="pick").instruction.split()[0] for seed in SEEDS}
    assert len(sentences) >= 6
