"""Training honours who decided each tick, and how a take ended."""

from pathlib import Path

import numpy as np
import pytest
from drawn_takes import TICKS, draw_take, judge
from numpy.typing import NDArray

from teachloop.datasets.labels.edits import SetTrim
from teachloop.datasets.labels.label_values import Trim
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.jobs.progress import Progress
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.data.learned_runs import CORRECTION, NothingDecided, by_policy, draw
from teachloop.training.data.samples import ARRAYS, Samples, Sampling
from teachloop.training.data.takes import learned_from, read_takes
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.openvla.demonstrations import Demonstrations, demonstrations

HOLD, OPERATOR, POLICY = Decider.HOLD, Decider.OPERATOR, Decider.POLICY
SAMPLING = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4, stride=2)
ONCE = [(7, TICKS)]  # ticks at which a person drives
TWICE = [(5, 9), (13, TICKS)]


def driven(*by_a_person: tuple[int, int]) -> list[Decider]:
    """Who decides each tick of a roll-out that is corrected."""
    decided = [POLICY] * TICKS
    for start, end in by_a_person:
        decided[start:end] = [OPERATOR] * (end - start)
    return decided


def corrected_and_cut(data: Path) -> tuple[list[str], list[str]]:
    """Ten corrected roll-outs of a policy that goes astray, and the same takes without its ticks:
    one for each time that a person drove."""
    corrected, cut = [], []
    for seed in range(10):
        drove = TWICE if seed % 3 == 0 else [(4 + seed, TICKS)]
        decided = driven(*drove)
        corrected.append(draw_take(data, f"whole-{seed}", wandering=seed, decided_by=decided))
        for start, end in drove:
            name = f"cut-{seed}-{start}"
            ticks = range(start, end)
            cut.append(draw_take(data, name, wandering=seed, decided_by=decided, ticks=ticks))
    return corrected, cut


def progress_in(data: Path) -> Progress:
    return Progress(submit(data, "finetune", JobConfig()), ["look"])


def samples(data: Path, *takes: str) -> Samples:
    return learned_from(read_takes(data, takes, SAMPLING, progress_in(data).reading))


def looks(data: Path, *takes: str) -> Demonstrations:
    return demonstrations(data, takes, ("front",), 2, progress_in(data).reading)


def drawn(learned: Samples | Demonstrations) -> NDArray[np.int64]:
    """Which of them a training takes, in the order in which it does."""
    return draw(np.random.default_rng(0), learned.weight, 500)


def test_corrected_roll_outs_give_exactly_the_samples_of_what_a_person_did(tmp_path: Path) -> None:
    corrected, cut = corrected_and_cut(tmp_path)
    whole, wanted = samples(tmp_path, *corrected), samples(tmp_path, *cut)
    assert 0 < len(wanted) < 10 * TICKS / SAMPLING.stride
    for name in set(ARRAYS) - {"weight"}:
        np.testing.assert_array_equal(getattr(whole, name), getattr(wanted, name), name)
    assert whole.episodes == wanted.episodes
    np.testing.assert_array_equal(drawn(whole), drawn(wanted))


def test_what_was_trimmed_is_learned_from_by_nobody(tmp_path: Path) -> None:
    whole = draw_take(tmp_path, "whole", decided_by=[OPERATOR] * TICKS)
    with Take.open(tmp_path / "takes" / whole) as take:
        times = take.actions.time_ns.tolist()
    trim = SetTrim(Trim(times[4], times[-6]))
    Labels.open(tmp_path / "takes" / whole).add([trim], "Ada")
    cut = draw_take(tmp_path, "cut", decided_by=[OPERATOR] * TICKS, ticks=range(4, TICKS - 6))
    for learned in (samples, looks):
        trimmed, wanted = learned(tmp_path, whole), learned(tmp_path, cut)
        np.testing.assert_array_equal(trimmed.proprioception, wanted.proprioception)
    Labels.open(tmp_path / "takes" / whole).add([SetTrim(None)], "Ada")
    assert len(samples(tmp_path, whole).weight) > len(samples(tmp_path, cut).weight)


def test_an_openvla_is_given_exactly_the_looks_of_what_a_person_did(tmp_path: Path) -> None:
    corrected, cut = corrected_and_cut(tmp_path)
    whole, wanted = looks(tmp_path, *corrected), looks(tmp_path, *cut)
    for name in ("images", "masks", "actions", "proprioception", "instruction"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(wanted, name), name)
    assert whole.instructions == wanted.instructions
    np.testing.assert_array_equal(drawn(whole), drawn(wanted))


def test_takes_of_corrections_alone_train(tmp_path: Path, tiny_base: Path) -> None:
    job = submit(tmp_path / "data", "finetune", JobConfig())
    decided = driven(*ONCE)
    takes = [draw_take(job.data, name, decided_by=decided) for name in ("one", "two")]
    finetune(settings(tiny_base, *takes), job)
    (adapter,) = list_adapters(job.data)
    assert adapter.card.statistics["samples"] == 2 * (TICKS - ONCE[0][0])


def settings(base: Path, *takes: str) -> FinetuneConfig:
    return FinetuneConfig(
        takes=takes, base=str(base), preset="tiny", lora_rank=2, threads=1, stride=1
    )


def test_a_correction_is_drawn_more_often_than_a_demonstration(tmp_path: Path) -> None:
    plain = draw_take(tmp_path, "plain", decided_by=[OPERATOR] * TICKS)
    corrected = draw_take(tmp_path, "corrected", decided_by=driven((0, TICKS - 4)), success=True)
    both = samples(tmp_path, plain, corrected)
    rows = draw(np.random.default_rng(0), both.weight, 30_000)
    share = (both.episode[rows] == 1).mean()
    shown, said = TICKS // 2, (TICKS - 4) // 2
    last = 4 // 2  # the policy's own, after which nobody took over
    weight = CORRECTION * said + last
    assert share == pytest.approx(weight / (weight + shown), abs=0.01)


def test_what_a_policy_did_last_is_learned_only_where_it_succeeded(tmp_path: Path) -> None:
    decided = driven((4, 8))
    take = draw_take(tmp_path, "one", decided_by=decided, success=True)
    assert len(samples(tmp_path, take)) == (TICKS - 4) / SAMPLING.stride
    for unsuccessful in (False, None):
        judge(tmp_path, take, unsuccessful)
        assert len(samples(tmp_path, take)) == (8 - 4) / SAMPLING.stride


def test_a_roll_out_that_nobody_corrected_is_learned_where_it_succeeded(tmp_path: Path) -> None:
    take = draw_take(tmp_path, "one", decided_by=[POLICY] * TICKS, success=True)
    assert len(samples(tmp_path, take)) == TICKS / SAMPLING.stride
    judge(tmp_path, take, None)
    for read in (samples, looks):
        with pytest.raises(NothingDecided, match=r"Take one .*nobody said that it succeeded"):
            read(tmp_path, take)


def test_a_persons_pauses_are_theirs_and_a_policys_waiting_is_its_own() -> None:
    decided = [HOLD, POLICY, HOLD, OPERATOR, HOLD, OPERATOR, HOLD, POLICY, HOLD]
    policys = [True, True, True, False, False, False, True, True, True]
    np.testing.assert_array_equal(by_policy(np.array(decided, np.uint8)), policys)
    for nobodys in ([HOLD] * 3, [HOLD, OPERATOR, HOLD]):
        assert not by_policy(np.array(nobodys, np.uint8)).any()


def test_a_take_of_a_person_alone_is_learned_whole_however_it_ended(tmp_path: Path) -> None:
    for success in (True, False, None):
        take = draw_take(tmp_path, f"{success}", decided_by=[OPERATOR] * TICKS, success=success)
        assert len(samples(tmp_path, take)) == TICKS / SAMPLING.stride
        assert len(looks(tmp_path, take)) == TICKS / 4
