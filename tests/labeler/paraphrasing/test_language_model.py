"""A language model of this machine words an instruction anew; what it says besides is not shown."""

import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_language_model import CHAT, one_thread, save_language_model

from teachloop.labeler.paraphrasing.interface import Wordings
from teachloop.labeler.paraphrasing.language_model.kept_model import KeptModel
from teachloop.labeler.paraphrasing.language_model.paraphraser import (
    LONGEST,
    LanguageModelParaphraser,
)
from teachloop.labeler.paraphrasing.language_model.prompt import lines_of
from teachloop.labeler.paraphrasing.proposals import Proposals, proposals

SAID = Wordings(
    instruction="pick up the red cube",
    paraphrases=("lift the red cube",),
    called=(("red cube", "crimson block"), ("bowl",)),
)
ANSWER = """1. "Please pick up the crimson block"
2. grab the red cube
- lift the red cube
- pick up the blue cube
- pick up the cube

Note: done"""


def nothing(_share: float) -> None:
    pass


def proposed(weights: Path) -> Proposals:
    return proposals(LanguageModelParaphraser(str(weights)), SAID, nothing, lambda: False)


@pytest.fixture(autouse=True)
def computed_by_one_thread() -> Iterator[None]:
    with one_thread():
        yield


@pytest.fixture(scope="module")
def random_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_language_model(tmp_path_factory.mktemp("random"))


@pytest.mark.parametrize("template", [None, CHAT])
def test_lines_that_keep_what_is_said_are_proposed(tmp_path: Path, template: str | None) -> None:
    folder = save_language_model(tmp_path / "taught", SAID, ANSWER, template)
    found = proposed(folder)
    assert found.texts == ("Please pick up the crimson block", "grab the red cube")
    assert found.dropped == 2, "another colour, and an object that is named in part"


def test_random_text_is_no_proposal(random_weights: Path) -> None:
    found = proposed(random_weights)
    assert found.texts == ()
    assert found.dropped > 0
    assert found.in_words.endswith("something else than the instruction.")


def test_the_same_words_are_answered_alike(random_weights: Path) -> None:
    one, other = (LanguageModelParaphraser(str(random_weights)) for _ in range(2))
    said = [list(each.propose(SAID, nothing, lambda: False)) for each in (one, one, other)]
    assert said[0] == said[1] == said[2] != []


def test_it_says_how_far_it_is_and_ends_at_once_when_cancelled(random_weights: Path) -> None:
    paraphraser = LanguageModelParaphraser(str(random_weights))
    shares: list[float] = []
    list(paraphraser.propose(SAID, shares.append, lambda: len(shares) == 5))
    assert shares == [number / LONGEST for number in range(5)]


def test_its_name_is_the_models(random_weights: Path, tmp_path: Path) -> None:
    for place in ("Qwen--tiny", "models--Qwen--tiny/snapshots/0123", "tiny"):
        folder = shutil.copytree(random_weights, tmp_path / place)
        assert LanguageModelParaphraser(str(folder)).name == "tiny"


def test_an_answer_ends_with_its_first_empty_line() -> None:
    assert list(lines_of("\n\n- one\n2) “two”\n * three \nInstruction: four\nfive")) == [
        "one",
        "two",
        "three",
    ]
    assert list(lines_of("put 2 cups in 1 bowl\n\nmore")) == ["put 2 cups in 1 bowl"]


class Thing:
    """Can be looked at from afar."""


def wait(holds: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < 10
        time.sleep(0.01)


def test_a_model_stays_loaded_for_a_while_and_is_freed_then() -> None:
    loaded: list[weakref.ref[Thing]] = []

    def load() -> Thing:
        thing = Thing()
        loaded.append(weakref.ref(thing))
        return thing

    kept = KeptModel(load, kept_s=0.3)
    for _ in range(2):
        with kept.using(lambda: False):
            pass
    assert len(loaded) == 1
    with kept.using(lambda: False):
        time.sleep(0.5)
        assert loaded[0]() is not None, "not while it is used"
    wait(lambda: loaded[0]() is None)
    with kept.using(lambda: False):
        assert len(loaded) == 2


def test_who_waits_for_a_model_may_give_up() -> None:
    kept = KeptModel(Thing, kept_s=10)
    with kept.using(lambda: False), kept.using(lambda: True) as second:
        assert second is None
    taken: list[Thing | None] = []

    def use() -> None:
        with kept.using(lambda: False) as thing:
            taken.append(thing)

    with kept.using(lambda: False):
        other = threading.Thread(target=use)
        other.start()
        time.sleep(0.2)
        assert taken == []
    other.join(10)
    assert [thing is not None for thing in taken] == [True]
