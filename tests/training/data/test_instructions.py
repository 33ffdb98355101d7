"""A take is asked for in all words for its objects, each time the same and never too many."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn_takes import draw_take

from teachloop.datasets.labels.edits import SetInstruction, SetObjects, SetParaphrases, SetSynonyms
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.jobs.progress import Progress
from teachloop.training.data.instructions import MOST, instructions_of, renamed
from teachloop.training.data.samples import Episode, Sampling
from teachloop.training.data.scripted import load, save
from teachloop.training.data.takes import read_take
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.feature_cache import rename
from teachloop.training.grounded.layout import base_layout
from teachloop.training.grounded.policy import sampling
from teachloop.training.openvla.demonstrations import demonstrations


def labels(*wordings: str, **called: tuple[str, ...]) -> Snapshot:
    """``called``: the synonyms of each object."""
    return Snapshot(
        instruction=wordings[0],
        paraphrases=wordings[1:],
        objects=tuple(map(ObjectLabel, called)),
        synonyms={name: others for name, others in called.items() if others},
    )


def said(text: str, **called: tuple[str, ...]) -> list[str]:
    """How a text is said otherwise."""
    first, *others = instructions_of(labels(text, **called), "")
    assert first == text
    return others


def test_every_wording_is_said_with_each_name_in_its_place() -> None:
    found = instructions_of(labels("take the cup", "grasp it", "the cup!", cup=("mug", "jar")), "")
    assert found[:3] == ("take the cup", "grasp it", "the cup!")
    assert sorted(found[3:]) == ["take the jar", "take the mug", "the jar!", "the mug!"]


def test_the_recorded_instruction_is_said_otherwise_too() -> None:
    unsaid = replace(labels("", cup=("mug",)), instruction=None)
    assert instructions_of(unsaid, "take the cup") == ("take the cup", "take the mug")


def test_without_synonyms_nothing_is_added() -> None:
    assert said("take the cup", cup=()) == []
    assert said("take it", cup=("mug",)) == []


def test_a_synonym_is_followed_by_the_name() -> None:
    assert said("take the mug", cup=("mug", "jar")) == ["take the cup", "take the jar"]


@pytest.mark.parametrize(
    ("text", "called", "others"),
    [
        ("move cups to the cup", {"cup": ("mug",)}, ["move cups to the mug"]),
        ("Cup to the cup", {"cup": ("mug",)}, ["Mug to the mug"]),
        ("take the CUP", {"cup": ("mug",)}, ["take the mug"]),
        ("take the red cup", {"cup": ("mug", "red cup")}, ["take the cup", "take the mug"]),
        ("take the red cup", {"cup": ("mug",), "red cup": ()}, []),
        ("from box 12 to box 1", {"box 1": ("bin",)}, ["from box 12 to bin"]),
        ("कपड़ा और कप", {"कप": ("प्याला",)}, ["कपड़ा और प्याला"]),
        ("컵을 들어", {"컵": ("머그",)}, ["머그을 들어"]),
        ("拿起杯子放下", {"杯子": ("茶杯",)}, ["拿起茶杯放下"]),
        ("cup (a+) by cup", {"cup": (), "(a+)": ("b\\1",)}, ["cup b\\1 by cup"]),
        (
            "put the cup in the bin",
            {"cup": ("mug",), "bin": ("basket",)},
            ["put the mug in the bin", "put the cup in the basket"],
        ),
    ],
)
def test_a_name_is_whole_words_of_one_object(
    text: str, called: dict[str, tuple[str, ...]], others: list[str]
) -> None:
    assert said(text, **called) == others


def test_there_are_never_too_many_and_each_text_has_its_share() -> None:
    many = {f"thing{n}": tuple(f"word{n}of{k}" for k in range(20)) for n in range(5)}
    texts = [f"{verb} {' '.join(many)}" for verb in ("take", "lift")]
    found = instructions_of(labels(*texts, **many), "")
    assert len(found) == len(set(found)) == MOST
    assert found == instructions_of(labels(*texts, **many), "")
    assert sum(each.startswith("lift") for each in found) == MOST // 2
    written = [f"wording {n} of thing0" for n in range(MOST + 5)]
    assert instructions_of(labels(*written, **many), "") == tuple(written), "all that people wrote"


def test_what_a_policy_could_read_in_part_alone_is_not_said_for_anybody() -> None:
    said = labels("take the cup", cup=("mug", "very large mug"))
    found = instructions_of(said, "", lambda text: len(text) < 13)
    assert found == ("take the cup", "take the mug")
    assert instructions_of(said, "", lambda text: False) == ("take the cup",), "a person wrote it"
    config = PolicyConfig(text_length=14)
    reads = sampling(config, base_layout(config), 1).reads
    assert instructions_of(said, "", reads) == ("take the cup", "take the mug"), "12 bytes"


def test_a_take_is_learned_in_all_words_and_kept_so(tmp_path: Path) -> None:
    folder = tmp_path / "takes" / draw_take(tmp_path, "one")
    edits = [SetParaphrases(("shove it",)), SetSynonyms("red square", ("tile",))]
    Labels.open(folder).apply(edits, 1, "Ada")
    wanted_ticks = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4)
    samples = read_take(folder, wanted_ticks)
    wanted = ("push the red square to the right", "shove it", "push the tile to the right")
    assert samples.episodes[0].instructions == wanted
    save(samples, tmp_path / "samples.npz")
    assert load(tmp_path / "samples.npz").episodes == samples.episodes
    progress = Progress(submit(tmp_path, "finetune", JobConfig()), ["takes"], False)
    looks = demonstrations(tmp_path, ("one",), ("front",), 1, progress.reading)
    assert looks.instructions == (wanted,)


def test_a_run_is_not_told_by_the_word_for_its_target(tmp_path: Path) -> None:
    """The head reads sentences about another run's target, by whatever this one's is called."""
    folder = tmp_path / "takes" / draw_take(tmp_path, "one")
    edits = [
        SetObjects((ObjectLabel("red square", True), ObjectLabel("bin"))),
        SetInstruction("push the tile right"),
        SetSynonyms("red square", ("tile",)),
    ]
    Labels.open(folder).apply(edits, 1, "Ada")
    wanted_ticks = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4)
    samples = read_take(folder, wanted_ticks)
    (run,) = samples.episodes
    other = Episode(
        instructions=("lift the ball",), objects=("ball",), target=0, destination=None,
        destination_known=False,
    )  # fmt: skip
    of_the_other = replace(samples, episodes=(other,))
    rng = np.random.default_rng(0)
    assert rename("push the tile right", run, of_the_other, rng) == "push the ball right"
    assert rename("push the red square", run, of_the_other, rng) == "push the ball"


def test_a_name_may_be_left_out() -> None:
    assert renamed("take the cup", (("cup",),), 0, "") == "take the "
    assert renamed("take the cup", (), 0, "mug") == "take the cup"
