"""A study of two policies, in which nothing was tried yet."""

from teachloop.training.trials.order import balanced_order
from teachloop.training.trials.study import Candidate, StartScene, Study, Verdict

DONE, FAILED = Verdict(score=1.0), Verdict(score=0.0)
NAMES = ("gripper first", "with masks")


def planned(scenes: int = 2, policies: int = 2, steps: tuple[str, ...] = ()) -> Study:
    return Study(
        name="which is better",
        created=1.0,
        seed=3,
        candidates=tuple(
            Candidate(name=name, adapter=f"20270101-00000{n}-0000")
            for n, name in enumerate(NAMES[:policies])
        ),
        scenes=tuple(
            StartScene(name=f"Scene {n + 1}", instruction="push the cup") for n in range(scenes)
        ),
        order=balanced_order(scenes, policies, 1, 3),
        steps=steps,
    )


def tried(study: Study, *verdicts: Verdict) -> Study:
    """Judged one after another, from where it stands."""
    for verdict in verdicts:
        number = len(study.attempts)
        study = study.begun(f"20270101-000000-{number:04d}", at=float(number))
        study = study.judged_as(number, verdict)
    return study
