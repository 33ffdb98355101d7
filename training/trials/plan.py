"""How a study is planned: what is asked for, and the study that comes of it."""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import find_take
from ...runtime.ids import Id
from ...runtime.text import one_line
from ...runtime.validation import MustBe, StrictModel
from ...simulation.language import Verb
from ...simulation.sampling import sample_scene
from ...simulation.scenes import SceneSpec, Split
from ..adapters.registry import get_adapter
from ..policies.base_list import choices
from .order import balanced_order, lettered
from .study import Candidate, NotNow, StartScene, Study

LONGEST, LARGEST_SEED = 300, 2**31 - 1
Line = Annotated[str, Field(max_length=LONGEST), AfterValidator(one_line)]
Scenes = Annotated[int, Field(ge=1, le=500), MustBe("a whole number from 1 to 500")]
Rounds = Annotated[int, Field(ge=1, le=50), MustBe("a whole number from 1 to 50")]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED), MustBe(f"a whole number to {LARGEST_SEED}")]


class PolicyWish(StrictModel):
    """An adapter, or a base alone."""

    adapter: Id | Annotated[str, Field(max_length=0)] = ""
    base: Annotated[str, Field(max_length=LONGEST)] = ""


class SceneWish(StrictModel):
    """Which start scenes: those of takes, or so many that the simulator lays out by their seeds,
    or that a person sets up where there is no verb."""

    takes: Annotated[tuple[Id, ...], Field(strict=False, max_length=500)] = ()
    count: Scenes = 10
    verb: Verb | None = None
    split: Split = "novel"
    first_seed: Seed = 0
    instruction: Line = ""


class StudyWish(StrictModel):
    """What a person asks for."""

    name: Line
    policies: Annotated[tuple[PolicyWish, ...], Field(strict=False, min_length=1, max_length=8)]
    scenes: SceneWish
    rounds: Rounds = 1
    steps: Annotated[tuple[Line, ...], Field(strict=False, max_length=6)] = ()
    seed: Seed | None = None
    """Of letters and order; None: drawn."""


def plan(data: Path, wish: StudyWish) -> Study:
    """The study, with nothing tried yet. Raises NotNow, NoSuchAdapter, NoSuchTake, BadScene."""
    if len(set(wish.policies)) < len(wish.policies):
        raise NotNow("A policy cannot be compared with itself: choose each one once.")
    scenes = tuple(_scenes(data, wish.scenes))
    if not all(scene.instruction for scene in scenes):
        raise NotNow("Write an instruction: what the policies are asked for.")
    seed = random.SystemRandom().randint(0, LARGEST_SEED) if wish.seed is None else wish.seed
    candidates = [_candidate(data, each) for each in wish.policies]
    return Study(
        name=wish.name or "Trials",
        created=time.time(),
        seed=seed,
        candidates=lettered(candidates, seed),
        scenes=scenes,
        order=balanced_order(len(scenes), len(candidates), wish.rounds, seed),
        steps=tuple(step for step in wish.steps if step),
    )


def _candidate(data: Path, wish: PolicyWish) -> Candidate:
    if wish.adapter:
        name = get_adapter(data, wish.adapter).card.name
        return Candidate(name=name, adapter=wish.adapter)
    labels = {choice.name: choice.label for choice in choices(data)}
    if wish.base not in labels:
        raise NotNow(f"There is no policy {wish.base!r}. Choose one of the list.")
    return Candidate(name=labels[wish.base], base=wish.base)


def _scenes(data: Path, wish: SceneWish) -> Sequence[StartScene]:
    if wish.takes:
        return [_of_take(data, take) for take in wish.takes]
    numbers = range(wish.count)
    if wish.verb is None:
        return [StartScene(name=f"Scene {n + 1}", instruction=wish.instruction) for n in numbers]
    return [_laid_out(wish.first_seed + n, wish.verb, wish.split) for n in numbers]


def _laid_out(seed: int, verb: Verb, split: Split) -> StartScene:
    scene = sample_scene(seed, verb=verb, split=split)
    name, asked = f"Layout {seed}", scene.instruction
    return StartScene(name=name, instruction=asked, seed=seed, verb=verb, split=split)


def _of_take(data: Path, take_id: str) -> StartScene:
    """The scene that a take began with; a simulated one can be laid out again."""
    with Take.open(find_take(data, take_id)) as take:
        info = take.info
    shown = StartScene(name=f"As in {take_id}", instruction=info.instruction, take=take_id)
    if not info.scene:
        return shown
    scene = SceneSpec.from_json(info.scene)
    drawn = {"seed": scene.seed, "verb": scene.task.verb, "split": scene.split}
    return shown.model_copy(update=drawn)
