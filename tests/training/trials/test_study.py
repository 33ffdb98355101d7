"""How a study goes: what is due, what counts, what may be seen."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned_study import DONE, FAILED, NAMES, planned, tried

from teachloop.runtime.json_file import BrokenJson
from teachloop.training.trials.results import results_of
from teachloop.training.trials.store import NoSuchStudy, StudyStore
from teachloop.training.trials.study import BEGUN_AGAIN, NotNow, Verdict
from teachloop.training.trials.view import as_csv, view_of

TAKE = "20270101-000000-0001"
outcomes = st.lists(st.sampled_from(["judge", "void", "again"]), max_size=20)


@given(outcomes)
def test_whatever_happens_every_slot_counts_once_in_the_end(outcomes: list[str]) -> None:
    study = planned(scenes=3)
    for number, outcome in enumerate(outcomes):
        if study.due is None:
            break
        study = study.begun(TAKE, at=float(number))
        if outcome == "judge":
            study = study.judged_as(number, DONE)
        elif outcome == "void":
            study = study.voided(number, "the cup fell over")
    while study.due is not None:
        study = tried(study, FAILED)
    assert sorted(a.slot for a in study.attempts if a.counts) == list(range(6))
    assert study.judged == len(study.order)
    with pytest.raises(NotNow, match="All attempts"):
        study.begun(TAKE, at=9.0)


def test_a_void_attempt_is_due_again_and_stays_in_the_list() -> None:
    study = tried(planned(), DONE)
    voided = study.voided(0, "somebody bumped the table")
    assert (voided.due, voided.judged) == (0, 0)
    again = tried(voided, FAILED)
    assert [a.slot for a in again.attempts] == [0, 0]
    assert again.due == 1
    with pytest.raises(NotNow, match="somebody bumped"):
        again.judged_as(0, DONE)
    with pytest.raises(NotNow, match="Say why"):
        again.voided(1, "")


def test_an_attempt_that_nobody_judged_does_not_count_once_the_next_began() -> None:
    study = planned().begun(TAKE, at=0.0).begun(TAKE, at=1.0)
    assert [a.void for a in study.attempts] == [BEGUN_AGAIN, ""]
    assert [a.slot for a in study.attempts] == [0, 0]


def test_a_verdict_can_be_said_anew() -> None:
    study = tried(planned(), DONE).judged_as(0, FAILED)
    assert [rate.successes for rate in results_of(study).rates] == [0, 0]
    with pytest.raises(NotNow, match="no attempt 2"):
        study.judged_as(1, DONE)


def test_nothing_is_tried_while_it_is_paused() -> None:
    paused = tried(planned(), DONE).pausing(True)
    with pytest.raises(NotNow, match="paused"):
        paused.begun(TAKE, at=2.0)
    assert tried(paused.pausing(False), DONE).judged == 2


def test_steps_are_ticked_all_of_them_or_none() -> None:
    study = planned(steps=("reach", "grasp", "lift")).begun(TAKE, at=0.0)
    ticked = (True, True, False)
    judged = study.judged_as(0, Verdict(score=1.0, steps=ticked))
    (attempt,) = (a for a in judged.attempts if a.verdict)
    assert attempt.verdict is not None
    assert attempt.verdict.score == pytest.approx(2 / 3)
    assert not attempt.verdict.success
    with pytest.raises(NotNow, match="3 steps, not 1"):
        study.judged_as(0, Verdict(score=1.0, steps=(True,)))


def test_the_first_attempt_shows_how_its_scene_looked() -> None:
    study = tried(planned(), DONE)
    assert study.picture_of(study.order[0].scene) == study.attempts[0].take
    assert study.picture_of(study.order[-1].scene) == ""
    again = tried(study.voided(0, "the cup was upside down"), DONE)
    assert again.picture_of(study.order[0].scene) == again.attempts[1].take


def told(study_id: str, study: object) -> str:
    return json.dumps(view_of(study_id, study).model_dump(mode="json"))  # type: ignore[arg-type]


@given(st.integers(0, 3))
def test_until_all_is_done_nothing_says_which_policy_is_which(count: int) -> None:
    study = tried(planned(), *[DONE] * count)
    view = view_of("x", study)
    assert not view.revealed
    assert view.compared == tuple(sorted(NAMES))
    assert [(p.letter, p.name, p.adapter, p.base) for p in view.policies] == [
        ("A", "", "", ""),
        ("B", "", "", ""),
    ]
    assert view.seed is None
    assert not any(name in as_csv(study) for name in NAMES)
    assert "20270101-00000" + "0-0000" not in told("x", planned())


def test_when_all_is_done_the_names_are_told() -> None:
    view = view_of("x", tried(planned(), *[DONE] * 4))
    assert [p.name for p in view.policies] == list(NAMES)
    assert (view.revealed, view.early, view.due) == (True, None, None)


def test_telling_the_names_early_is_kept_for_good() -> None:
    study = tried(planned(), DONE).revealed(at=77.0)
    done = tried(study, *[DONE] * 3).revealed(at=99.0)
    early = view_of("x", done).early
    assert early is not None
    assert (early.at, early.judged) == (77.0, 1)
    assert tried(planned(), *[DONE] * 4).revealed(at=5.0).early is None


def test_one_policy_has_nothing_to_hide() -> None:
    view = view_of("x", planned(policies=1))
    assert [p.name for p in view.policies] == [NAMES[0]]
    assert view.results.pairs == ()


def test_pairs_are_of_the_same_scene_and_void_ones_are_left_out() -> None:
    study = planned(scenes=3)
    by_letter = {0: DONE, 1: Verdict(score=0.25)}
    for slot in study.order:
        study = tried(study, by_letter[slot.policy])
    (pair,) = results_of(study).pairs
    assert (pair.pairs, pair.only_first, pair.only_second) == (3, 3, 0)
    assert pair.p == 0.25  # 2 · (1/2)³
    assert (pair.difference, pair.difference_low, pair.difference_high) == (0.75, 0.75, 0.75)
    (pair,) = results_of(study.voided(0, "slipped")).pairs
    assert pair.pairs == 2
    first, second = results_of(study).rates
    assert (first.success, first.score, second.success, second.score) == (1.0, 1.0, 0.0, 0.25)
    assert first.low == pytest.approx(0.4385, abs=1e-3)  # Wilson, 3 of 3


def test_the_table_has_a_line_for_each_attempt() -> None:
    study = planned(steps=("reach", "lift")).begun(TAKE, at=0.0).voided(0, "a, comma")
    study = tried(study, Verdict(score=0.5, steps=(True, False)))
    rows = list(csv.DictReader(io.StringIO(as_csv(study))))
    assert [(r["counts"], r["void"], r["reach"], r["lift"], r["score"]) for r in rows] == [
        ("0", "a, comma", "", "", ""),
        ("1", "", "1", "0", "0.5"),
    ]
    assert rows[1]["take"] == study.attempts[1].take


def test_a_study_outlives_whoever_wrote_it(tmp_path: Path) -> None:
    study = tried(planned(steps=("grüß", "hold")), Verdict(score=0.5, steps=(True, False)))
    study_id = StudyStore(tmp_path).add(study)
    changed = StudyStore(tmp_path).change(study_id, lambda s: s.pausing(True))
    again = StudyStore(tmp_path)
    assert again.read(study_id) == changed == study.pausing(True)
    assert list(again.ids()) == [study_id]
    assert [path.name for path in (tmp_path / "trials").iterdir()] == [f"{study_id}.json"]


def test_what_a_change_refuses_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    store = StudyStore(tmp_path)
    study_id = store.add(planned())
    with pytest.raises(NotNow):
        store.change(study_id, lambda s: s.judged_as(0, DONE))
    assert store.read(study_id) == planned()
    with pytest.raises(NoSuchStudy):
        store.read("20270101-000000-0000")
    (tmp_path / "trials" / f"{study_id}.json").write_text('{"name": 3}')
    with pytest.raises(BrokenJson, match="name"):
        store.read(study_id)
