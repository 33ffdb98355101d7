"""Still scenes, and what is asked about them."""

from pathlib import Path

import numpy as np
import pytest

from teachloop.simulation.objects import SHAPES, is_base
from teachloop.simulation.unnamed import is_unnamed, unnamed
from teachloop.training.data import stills
from teachloop.training.data.questions import KNOWN_WORDS, Question, ask
from teachloop.training.data.stills import FIRST_SEED, draw_still_scene, load_stills, render_block
from teachloop.training.grounded.still_frames import StillFrames

CAMERAS = ("front", "wrist")
TABLE = ("red cube", f"green {unnamed(1)}", "blue bowl", "red ball")


def test_a_still_shows_nothing_that_a_base_must_not_see() -> None:
    names = [
        (item.color, item.shape)
        for seed in range(200)
        for item in draw_still_scene(FIRST_SEED + seed).objects
    ]
    known = [name for name in names if not is_unnamed(name[1])]
    assert all(is_base(*name) for name in known)
    assert 0.1 < 1 - len(known) / len(names) < 0.4


def test_the_arm_is_anywhere_above_the_table() -> None:
    starts = np.array([draw_still_scene(FIRST_SEED + n).start_position_m for n in range(100)])
    assert starts[:, 2].min() < 0.08
    assert np.ptp(starts[:, 1]) > 0.3


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> stills.Stills:
    folder: Path = tmp_path_factory.mktemp("stills")
    blocks = (range(3), range(3, 6))
    return load_stills([render_block(each, CAMERAS, 64, folder / str(each)) for each in blocks])


def test_stills_come_back_as_they_were_rendered(few: stills.Stills) -> None:
    assert len(few) == 6
    scene = draw_still_scene(FIRST_SEED + 2)
    assert few.objects[2] == tuple(item.name for item in scene.objects)
    image, seen = few.at(2, 0)
    assert image.shape == (64, 64, 3)
    assert set(np.unique(seen)) <= set(range(len(scene.objects) + 1))
    assert (seen > 0).sum() > 50


def test_frames_ask_for_what_their_masks_show(few: stills.Stills) -> None:
    frames = StillFrames(few, 48).draw(np.random.default_rng(0), 16)
    asked = len(frames.sentences)
    assert asked == 32
    assert frames.masks.shape == (asked, 2, 48, 48)
    assert frames.regions.shape[:2] == (16, len(frames.names) // 16)
    nameless = [not name for name in frames.names]
    assert not frames.regions.flatten(0, 1)[nameless].any()
    assert frames.masks[:, 0].flatten(1).any(1).float().mean() > 0.5


def questions(names: tuple[str, ...], count: int = 400) -> list[Question]:
    rng = np.random.default_rng(5)
    return [said for said in (ask(names, rng) for _ in range(count)) if said is not None]


def test_what_has_a_name_is_called_by_it() -> None:
    for said in questions(TABLE):
        if said.target == 2:
            assert "bowl" in said.text or "blue" in said.text
            assert "ball" not in said.text or said.destination == 3


def test_what_has_none_is_called_by_its_colour_and_a_word_that_does_not_exist() -> None:
    texts = [said.text for said in questions(TABLE) if said.target == 1]
    assert texts
    assert all("green" in text for text in texts)
    assert not any("thing-" in text for text in texts)
    following = [text.split("green ")[1].split()[0] for text in texts]
    assert len(set(following)) > len(following) / 2
    assert not set(following) & KNOWN_WORDS


def test_two_things_of_one_colour_without_a_name_are_not_asked_for() -> None:
    alike = (f"green {unnamed(1)}", f"green {unnamed(2)}")
    assert ask(alike, np.random.default_rng(0)) is None
    assert all(said.target == 2 for said in questions((*alike, "red cube")))


def test_the_colour_alone_is_said_only_where_it_is_enough() -> None:
    for said in questions(TABLE):
        if "red thing" in said.text or "red one" in said.text or "red object" in said.text:
            pytest.fail(f"two things are red: {said.text}")


def test_the_words_of_shapes_are_those_that_are_not_made_up() -> None:
    assert set(SHAPES) == KNOWN_WORDS
