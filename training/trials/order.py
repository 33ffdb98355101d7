"""Which policy is tried on which scene, one after another."""

import random
from collections.abc import Sequence
from typing import TypeVar

from ...runtime.json_file import StoredModel

T = TypeVar("T")


class Slot(StoredModel):
    """One attempt that is due. All are numbers of places in lists."""

    scene: int
    policy: int
    """Its letter: 0 is A."""
    round: int
    """How often the scene was there before."""


def balanced_order(scenes: int, policies: int, rounds: int, seed: int) -> tuple[Slot, ...]:
    """Every policy once for each scene and round, at random, the same for the same seed.

    Randomised blocks: what is done on one scene lies together, so that it is set up alike and
    what drifts meets all policies. The orders within the blocks are the rows of a cyclic Latin
    square (Fisher, The Design of Experiments, 1935), so that each policy is the first, the
    second … equally often, or once more.
    """
    draw = random.Random(seed)
    letters = list(range(policies))
    draw.shuffle(letters)
    blocks = scenes * rounds
    turns = [block % policies for block in range(blocks)]
    draw.shuffle(turns)
    return tuple(
        Slot(scene=block % scenes, policy=policy, round=block // scenes)
        for block, turn in enumerate(turns)
        for policy in letters[turn:] + letters[:turn]
    )


def lettered(policies: Sequence[T], seed: int) -> tuple[T, ...]:
    """The policies as A, B …: at random, the same for the same seed."""
    mixed = list(policies)
    random.Random(f"letters {seed}").shuffle(mixed)
    return tuple(mixed)


def letter(policy: int) -> str:
    """A, B …"""
    return chr(ord("A") + policy)
