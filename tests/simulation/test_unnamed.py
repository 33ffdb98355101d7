"""Things without a name."""

from dataclasses import replace

import numpy as np
import pytest

from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.tasks import NOVEL_SHAPES, SHAPES, sample_scene
from teachloop.simulation.unnamed import COUNT, body, is_unnamed, unnamed
from teachloop.simulation.world import World

EVERY_TENTH = range(0, COUNT, 10)


def test_each_is_the_same_body_whenever_it_is_asked_for() -> None:
    first = [body(unnamed(number)) for number in EVERY_TENTH]
    body.cache_clear()
    assert first == [body(unnamed(number)) for number in EVERY_TENTH]
    assert len({each.geoms for each in first}) == len(first)


@pytest.mark.parametrize("number", EVERY_TENTH)
def test_each_can_be_grasped_and_is_no_shape_that_has_a_name(number: int) -> None:
    shape = body(unnamed(number)).shape
    assert shape.graspable
    assert 0.01 < shape.height_m < 0.08
    assert 0.01 < shape.radius_m < 0.08
    assert is_unnamed(shape.name)
    assert shape.name not in SHAPES
    assert shape.name not in NOVEL_SHAPES


@pytest.mark.parametrize("name", ["cube", "thing-600", "thing-", "thing-1x", ""])
def test_other_names_are_no_bodies(name: str) -> None:
    with pytest.raises(KeyError):
        body(name)


def test_a_scene_with_one_is_data_and_shows_it() -> None:
    scene = sample_scene(3, verb="pick")
    strange = tuple(
        replace(item, shape=unnamed(7)) if item.name == scene.task.target else item
        for item in scene.objects
    )
    scene = SceneSpec.from_json(replace(scene, objects=strange).to_json())
    (name,) = (item.name for item in scene.objects if is_unnamed(item.shape))
    with World(scene, ("front",)) as world:
        masks = world.instance_masks("front", 64, 64)
        place = world.object_poses()[name][:3, 3]
    assert masks[name].sum() > 10
    item = scene.find(name)
    np.testing.assert_allclose(place[:2], (item.x_m, item.y_m), atol=0.01)
