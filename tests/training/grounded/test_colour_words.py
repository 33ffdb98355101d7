"""Words that nobody told a policy are read as words that somebody did: colours, by their hue."""

from pathlib import Path

import pytest
from drawn_takes import draw_take

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.training.grounded.base import base_config, load_base
from teachloop.training.grounded.colour_words import read, vocabulary_of
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.perception import Perception
from teachloop.training.policies.base_names import DEFAULT

TOLD = vocabulary_of(
    ["push the red cube to the left", "put the blue ball in the green bowl"],
    ["red cube", "blue ball", "green bowl"],
)


@pytest.mark.parametrize(
    ("colour", "known"),
    [
        ("crimson", "red"), ("scarlet", "red"), ("ruby", "red"),
        ("navy", "blue"), ("azure", "blue"), ("cobalt", "blue"),
        ("emerald", "green"), ("lime", "green"), ("mint", "green"),
    ],
)  # fmt: skip
def test_a_colour_is_the_nearest_one_that_was_told(colour: str, known: str) -> None:
    found = read(f"push the {colour} cube to the left", TOLD)
    assert found.text == f"push the {known} cube to the left"
    assert found.exchanged == f"{colour} as {known}"


@pytest.mark.parametrize(
    "text",
    [
        "push the red cube to the left",
        "push the yellow cube to the left",  # a basic colour is no other, also unseen
        "put the apple in the bowl",  # a thing that is the name of a colour, too
        "grab the lemon",
        "push the navy blue cube",  # which says its colour
        "push the white cube",
        "Schieb den karminroten Würfel nach links",
        "",
    ],
)
def test_all_else_is_read_as_it_stands(text: str) -> None:
    found = read(text, TOLD)
    assert (found.text, found.exchanged) == (text, "")


def test_what_stands_around_it_stays() -> None:
    text = "Please, push the Crimson  cube — not the EMERALD nut!"
    assert read(text, TOLD).text == "Please, push the red  cube — not the green nut!"


def test_a_colour_that_a_take_told_is_its_own() -> None:
    told = TOLD.joined(vocabulary_of(["push the crimson cube"], ["crimson cube"]))
    assert read("push the crimson cube", told).text == "push the crimson cube"


def test_a_thing_named_like_a_colour_is_no_colour_to_read_others_as() -> None:
    """As *brick* is in the survey, a red like crimson."""
    told = vocabulary_of(["push the blue brick"], ["blue brick"])
    assert read("push the crimson brick", told).text == "push the crimson brick"


def test_the_shipped_base_was_told_what_it_learned_from() -> None:
    config = base_config(DEFAULT)
    assert {"pick", "stack", "red", "cube"} <= set(config.vocabulary.words)
    assert not {"push", "hexagon", "crimson"} & set(config.vocabulary.words)


def test_it_looks_for_the_colour_that_it_knows() -> None:
    policy = load_base(DEFAULT)
    other = Perception(policy, "pick up the crimson cube")
    same = Perception(policy, "pick up the red cube")
    assert (other.words.sentence == same.words.sentence).all()
    assert other.read.exchanged == "crimson as red"


def test_an_adapter_knows_the_words_of_its_takes_too(tmp_path: Path, tiny_base: Path) -> None:
    job = submit(tmp_path / "data", "finetune", JobConfig())
    asked = FinetuneConfig(
        takes=(draw_take(job.data, "one"),), base=str(tiny_base), preset="tiny", threads=1
    )
    before, after = load_policy(str(tiny_base)), load_policy(str(tiny_base), finetune(asked, job))
    assert read("push the crimson square", before.vocabulary).text == "push the crimson square"
    assert read("push the crimson square", after.vocabulary).text == "push the red square"
