"""What may be seen of a study: without the names while they are hidden; as a table to export."""

import csv
import io

from ...runtime.json_file import StoredModel
from .order import letter
from .results import Results, results_of
from .study import Attempt, Reveal, StartScene, Study

COLUMNS = ("attempt", "round", "scene", "instruction", "seed", "policy", "name", "adapter", "base")
OUTCOME = ("counts", "success", "score", "void", "began", "take")


class PolicyView(StoredModel):
    letter: str
    name: str = ""
    """Empty while it is hidden, as are the others."""
    adapter: str = ""
    base: str = ""


class SceneView(StartScene):
    picture: str
    """The take whose first pictures show it; empty where there is none yet."""


class AttemptView(StoredModel):
    scene: int
    round: int
    policy: int
    take: str
    began: float
    score: float | None
    success: bool | None
    steps: tuple[bool, ...]
    void: str


class DueView(StoredModel):
    """The attempt that comes next. `slot` is its place in the order."""

    slot: int
    scene: int
    policy: int
    round: int


class StudyView(StoredModel):
    """A study as pages and exports have it."""

    id: str
    name: str
    created: float
    planned: int
    judged: int
    paused: bool
    compared: tuple[str, ...]
    """Names of the policies, in the order of the alphabet."""
    revealed: bool
    early: Reveal | None
    seed: int | None
    """None while the names are hidden, which follow from it."""
    policies: tuple[PolicyView, ...]
    scenes: tuple[SceneView, ...]
    steps: tuple[str, ...]
    attempts: tuple[AttemptView, ...]
    waiting: int | None
    """Which attempt, counted from 0, has no verdict yet."""
    due: DueView | None
    results: Results


def view_of(study_id: str, study: Study) -> StudyView:
    """What may be seen now."""
    return StudyView(
        id=study_id,
        name=study.name,
        created=study.created,
        planned=len(study.order),
        judged=study.judged,
        paused=study.paused,
        compared=tuple(sorted(each.name for each in study.candidates)),
        revealed=study.open_names,
        early=study.early,
        seed=study.seed if study.open_names else None,
        policies=_policies(study),
        scenes=_scenes(study),
        steps=study.steps,
        attempts=tuple(_attempt(study, each) for each in study.attempts),
        waiting=len(study.attempts) - 1 if study.waiting else None,
        due=_due(study),
        results=results_of(study),
    )


def as_csv(study: Study) -> str:
    """A line for each attempt, void ones among them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, *study.steps, *OUTCOME])
    policies = _policies(study)
    for number, attempt in enumerate(study.attempts, start=1):
        slot = study.order[attempt.slot]
        scene, policy = study.scenes[slot.scene], policies[slot.policy]
        writer.writerow([
            number, slot.round + 1, scene.name, scene.instruction, scene.seed,
            policy.letter, policy.name, policy.adapter, policy.base,
            *_ticks(study, attempt), *_outcome(attempt),
        ])  # fmt: skip
    return text.getvalue()


def _ticks(study: Study, attempt: Attempt) -> list[str]:
    ticks = attempt.verdict.steps if attempt.verdict else ()
    return [str(int(tick)) for tick in ticks] or [""] * len(study.steps)


def _outcome(attempt: Attempt) -> list[str | float | None]:
    verdict = attempt.verdict
    said = (int(verdict.success), verdict.score) if verdict else (None, None)
    return [int(attempt.counts), *said, attempt.void, attempt.began, attempt.take]


def _policies(study: Study) -> tuple[PolicyView, ...]:
    if not study.open_names:
        return tuple(PolicyView(letter=letter(n)) for n in range(len(study.candidates)))
    return tuple(
        PolicyView(letter=letter(n), name=each.name, adapter=each.adapter, base=each.base)
        for n, each in enumerate(study.candidates)
    )


def _scenes(study: Study) -> tuple[SceneView, ...]:
    return tuple(
        SceneView(**scene.model_dump(), picture=study.picture_of(number))
        for number, scene in enumerate(study.scenes)
    )


def _attempt(study: Study, attempt: Attempt) -> AttemptView:
    slot, verdict = study.order[attempt.slot], attempt.verdict
    return AttemptView(
        scene=slot.scene,
        round=slot.round,
        policy=slot.policy,
        take=attempt.take,
        began=attempt.began,
        score=verdict.score if verdict else None,
        success=verdict.success if verdict else None,
        steps=verdict.steps if verdict else (),
        void=attempt.void,
    )


def _due(study: Study) -> DueView | None:
    if study.due is None:
        return None
    slot = study.order[study.due]
    return DueView(slot=study.due, scene=slot.scene, policy=slot.policy, round=slot.round)
