"""Figures that tell whether a fine-tuning worked, without a roll-out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
import torch
from drawn_takes import TICKS, draw_take

from teachloop.app.processes.job_kinds import KINDS
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import BadSettings
from teachloop.training.adapters.offline import OfflineEvaluation, OfflineMetrics
from teachloop.training.adapters.registry import get_adapter
from teachloop.training.data.held_out import held_out
from teachloop.training.data.samples import UNLABELED, Samples, join
from teachloop.training.data.takes import NothingToLearn, read_take
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.encoder import Encoder
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.grounding_training import LabeledFrames, perceive
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.offline_evaluation import LEARNED, OfflineSet
from teachloop.training.grounded.offline_evaluation import TICKS as MEASURED
from teachloop.training.grounded.policy import GroundedPolicy, sampling

CELLS = 16  # of the tiny policies
CLIP = pytest.mark.parametrize("tiny_policy", ["clip"], indirect=True)


def measured(policy: GroundedPolicy, samples: Samples) -> OfflineMetrics:
    return OfflineSet.choose({"one": samples}, ()).measure(policy)[0]


def stare(policy: GroundedPolicy, absent: float) -> None:
    """Make the attention even over all cells, "not visible" ``absent`` times as likely as one."""
    grounding, query = policy.grounding, policy.grounding.query[2]
    assert isinstance(query, torch.nn.Linear)
    with torch.no_grad():
        for part in (query.weight, grounding.key.weight, grounding.key.bias):
            part.zero_()
        query.bias.fill_(1.0)
        scale = grounding.log_scale.exp() * len(grounding.absent)
        grounding.absent.fill_(float(np.log(absent) / scale))


def labelled(samples: Samples, value: int) -> Samples:
    """The same with this value all over every mask map."""
    return replace(samples, masks=np.full_like(samples.masks, value))


@CLIP
def test_even_attention_on_a_mask_all_over_is_right_but_for_its_doubt(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    stare(tiny_policy, absent=1.0)
    found = measured(tiny_policy, labelled(tiny_samples, 1))
    assert found.iou == pytest.approx(CELLS / (CELLS + 1), abs=1e-5)
    assert found.pointing == 1.0
    assert found.absence is None, "it is in every image"


@CLIP
def test_where_nothing_is_to_be_seen_it_counts_whether_that_is_said(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    nowhere = labelled(tiny_samples, 0)
    for absent, share in ((1.0, 0.0), (100.0, 1.0)):
        stare(tiny_policy, absent)
        found = measured(tiny_policy, nowhere)
        assert (found.absence, found.pointing, found.iou) == (share, None, None)


@CLIP
def test_what_points_at_it_whatever_is_said_does_so_untold(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    stare(tiny_policy, absent=1.0)
    masks = np.zeros_like(tiny_samples.masks)
    masks[::2, :, 8:24, 8:24] = 1
    masks[1::2, :, :8, :8] = 1
    found = measured(tiny_policy, replace(tiny_samples, masks=masks))
    assert found.pointing == found.pointing_untold == 0.5


def test_what_learned_to_listen_points_elsewhere_untold(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    """Of two squares side by side the words tell which one; without a word it is one or none."""
    told = side_by_side(tiny_samples)
    parameters = [p for name, p in tiny_policy.named_parameters() if not name.startswith("head")]
    perceive(
        tiny_policy, LabeledFrames(told), {"grounding": 1.0}, torch.optim.AdamW(parameters),
        lambda _: 3e-3, range(150), batch=16, seed=0, on_step=lambda *_: None,
    )  # fmt: skip
    found = measured(tiny_policy, told)
    assert found.pointing is not None
    assert found.pointing_untold is not None
    assert found.pointing > 0.9
    assert found.pointing_untold < 0.6


def side_by_side(samples: Samples) -> Samples:
    """Red on one side and blue on the other, and one of them is asked for."""
    images, masks = np.zeros_like(samples.images), np.zeros_like(samples.masks)
    for tick, red_left in enumerate(np.arange(len(samples)) % 2 == 0):
        red, blue = (4, 20) if red_left else (20, 4)
        for value, left, colour in ((1, red, (220, 30, 30)), (2, blue, (30, 30, 220))):
            images[tick, :, 12:20, left : left + 8] = colour
            masks[tick, :, 12:20, left : left + 8] = value
    names, run = ("red square", "blue square"), samples.episodes[0]
    runs = tuple(
        replace(run, instructions=(f"push the {name}",), objects=names, target=at)
        for at, name in enumerate(names)
    )
    return replace(samples, images=images, masks=masks, episodes=runs)


@CLIP
def test_what_is_said_to_be_seen_in_a_black_image_is_told(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    for absent, share in ((1.0, 1.0), (100.0, 0.0)):
        stare(tiny_policy, absent)
        assert measured(tiny_policy, tiny_samples).seen_in_dark == share


@CLIP
def test_a_target_that_is_not_said_to_be_seen_is_not_pointed_at(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    stare(tiny_policy, absent=100.0)
    assert measured(tiny_policy, labelled(tiny_samples, 1)).pointing == 0.0


@CLIP
def test_a_key_point_beside_the_mask_does_not_count(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    stare(tiny_policy, absent=1.0)  # the key point is the middle of the image
    masks = np.zeros_like(tiny_samples.masks)
    masks[::2, :, 8:24, 8:24] = 1
    masks[1::2, :, :8, :8] = 1
    assert measured(tiny_policy, replace(tiny_samples, masks=masks)).pointing == 0.5


def test_frames_that_nobody_labelled_are_not_judged(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    found = measured(tiny_policy, labelled(tiny_samples, UNLABELED))
    assert (found.retrieval, found.pointing, found.absence, found.iou) == (None,) * 4
    assert found.action_error_mm is not None


@pytest.mark.parametrize("going_mm", [0.0, 5.0])
def test_the_action_error_is_the_distance_to_the_targets_that_were_given(
    tiny_policy: GroundedPolicy, tiny_samples: Samples, going_mm: float
) -> None:
    with torch.no_grad():
        tiny_policy.head.leave.weight.zero_()
        tiny_policy.head.leave.bias.zero_()
        tiny_policy.head.leave.bias.view(4, 7)[:, 0] = going_mm / 1000
    found = measured(tiny_policy, tiny_samples)
    targets_mm = 1000 * tiny_samples.offsets[..., :3]
    off_mm = np.linalg.norm(targets_mm - [going_mm, 0, 0], axis=-1).mean()
    assert found.action_error_mm == pytest.approx(off_mm, rel=1e-4)
    assert found.still_error_mm == pytest.approx(np.linalg.norm(targets_mm, axis=-1).mean())


def test_names_are_found_once_they_were_taught_and_others_are_not(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    red = tiny_samples
    blue = replace(red, images=red.images[..., ::-1].copy(), episodes=renamed(red, "blue ball"))
    both = join([red, blue])
    parameters = [p for name, p in tiny_policy.named_parameters() if not name.startswith("head")]
    optimizer = torch.optim.AdamW(parameters)
    perceive(
        tiny_policy, LabeledFrames(both), {"contrast": 1.0}, optimizer, lambda _: 3e-3, range(40),
        batch=16, seed=0, on_step=lambda *_: None,
    )  # fmt: skip
    swapped = replace(both, episodes=both.episodes[2:] + both.episodes[:2])
    assert measured(tiny_policy, both).retrieval == 1.0
    assert measured(tiny_policy, swapped).retrieval == 0.0
    assert measured(tiny_policy, red).retrieval is None, "one name leaves no choice"


def renamed(samples: Samples, name: str) -> tuple:
    return tuple(replace(run, objects=(name,)) for run in samples.episodes)


def test_measuring_leaves_the_policy_and_chance_as_they_were(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    tiny_policy.train()
    before, weights = torch.get_rng_state(), tiny_policy.state_dict()
    weights = {name: value.clone() for name, value in weights.items()}
    measured(tiny_policy, tiny_samples)
    assert tiny_policy.training
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(tiny_policy.state_dict()[name], weights[name]) for name in weights)


def test_many_takes_cost_as_little_as_few(tiny_samples: Samples) -> None:
    takes = {f"{number}": tiny_samples for number in range(100)}
    some = OfflineSet.choose(takes, ())
    assert len(some.takes) == LEARNED
    assert sum(map(len, some.takes.values())) <= MEASURED + LEARNED
    assert set(OfflineSet.choose(takes, ("7", "9")).takes) == {"7", "9"}


def test_measuring_takes_less_than_a_tenth_of_the_training(
    tiny_policy: GroundedPolicy, tiny_base: Path, job: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    images: Counter[bool] = Counter()  # that are encoded, by whether that is to measure
    kind, measure, measuring = type(tiny_policy.encoder), OfflineSet.measure, [False]
    cells = kind.cells

    def counted_cells(encoder: Encoder, pixels: torch.Tensor) -> torch.Tensor:
        there_and_back = 2 if torch.is_grad_enabled() else 1
        images[measuring[0]] += len(pixels) * there_and_back
        return cells(encoder, pixels)

    def noted_measure(offline: OfflineSet, policy: GroundedPolicy) -> tuple:
        measuring[0] = True
        found = measure(offline, policy)
        measuring[0] = False
        return found

    monkeypatch.setattr(kind, "cells", counted_cells)
    monkeypatch.setattr(OfflineSet, "measure", noted_measure)
    train(job, tiny_base, [draw_take(job.data, f"take-{n}") for n in range(5)], 0.2)
    assert 0 < images[True] < 0.1 * images[False]


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path / "data", "finetune", JobConfig())


def train(job: JobFolder, base: Path, takes: Sequence[str], share: float | None) -> Path:
    config = FinetuneConfig(
        takes=tuple(takes), base=str(base), preset="tiny", lora_rank=2, threads=1, stride=1,
        held_out=share,
    )  # fmt: skip
    return finetune(config, job)


def on_card(job: JobFolder, adapter: Path) -> OfflineEvaluation:
    found = get_adapter(job.data, adapter.name).card.offline
    assert found is not None
    return found


def test_what_is_held_out_teaches_nothing_and_is_what_is_measured(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, f"take-{n}", wandering=n) for n in range(5)]
    (kept,) = held_out(takes, 0.2)
    learned = [take for take in takes if take != kept]
    adapter = train(job, tiny_base, takes, 0.2)
    other = train(submit(job.data, "finetune", JobConfig()), tiny_base, learned, 0.0)
    card = get_adapter(job.data, adapter.name).card
    assert [take.id for take in card.takes] == learned
    assert [take.id for take in card.held_out] == [kept]
    one, two = (load_policy(str(tiny_base), each).state_dict() for each in (adapter, other))
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert (on_card(job, adapter).held_out, on_card(job, adapter).takes) == (True, (kept,))


def test_before_is_of_the_base_and_after_of_what_the_adapter_gives(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, f"take-{n}", wandering=n) for n in range(5)]
    adapter = train(job, tiny_base, takes, 0.2)
    (kept,) = held_out(takes, 0.2)
    base, tuned = load_base(str(tiny_base)), load_policy(str(tiny_base), adapter)
    wanted = sampling(base.policy_config, base.layout, stride=1)
    read = {take: read_take(job.data / "takes" / take, wanted) for take in takes}
    card = on_card(job, adapter)
    chosen = OfflineSet.choose(read, (kept,), card.ticks)
    assert 0 < card.ticks <= TICKS
    for policy, found in ((base, card.before), (tuned, card.after)):
        again = chosen.measure(policy)[0]
        assert found.model_dump(exclude_none=True) == pytest.approx(
            again.model_dump(exclude_none=True), rel=1e-3
        )
    assert card.before != card.after


def test_where_nothing_is_held_out_that_is_said_and_learned_takes_are_measured(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("one", "two")]
    adapter = train(job, tiny_base, takes, None)
    card = get_adapter(job.data, adapter.name).card
    assert [take.id for take in card.takes] == takes
    assert card.held_out == ()
    assert (on_card(job, adapter).held_out, set(on_card(job, adapter).takes)) == (False, set(takes))


def test_a_job_tells_its_figures_before_and_after_each_stage_and_leaves_a_picture(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("one", "two")]
    adapter = train(job, tiny_base, takes, 0.0)
    told = [row for row in job.metrics() if "held_out" in row]
    assert [row["stage"] for row in told] == ["base", "look", "act"]
    assert {(row["held_out"], row["takes"], row["names"]) for row in told} == {(False, 2, 1)}
    goes = [row["action_error_mm"] is not None for row in told]
    assert goes == [True, False, True], "a reader that has yet to learn goes nowhere in particular"
    evaluation = on_card(job, adapter)
    for row, wanted in ((told[0], evaluation.before), (told[-1], evaluation.after)):
        assert {name: row[name] for name in wanted.model_dump()} == wanted.model_dump()
    picture = simplejpeg.decode_jpeg((job.path / "open_loop.jpg").read_bytes())
    assert picture.shape[0] % 2 == 0, "a row for each take"
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 100


def test_labels_on_the_held_out_take_alone_are_refused_with_what_to_do(
    tiny_base: Path, job: JobFolder
) -> None:
    names = [f"take-{n}" for n in range(5)]
    (kept,) = held_out(names, 0.2)
    takes = [draw_take(job.data, name, labeled=name == kept) for name in names]
    with pytest.raises(NothingToLearn, match="takes that are left to learn from has a mask"):
        train(job, tiny_base, takes, 0.2)


def test_a_job_that_goes_on_behind_its_last_stage_measures_what_it_made_then(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name) for name in ("one", "two")]
    first, again = (on_card(job, train(job, tiny_base, takes, 0.0)) for _ in range(2))
    assert again.after.model_dump(exclude_none=True) == pytest.approx(
        first.after.model_dump(exclude_none=True)
    )
    stages = [row["stage"] for row in job.metrics() if "held_out" in row]
    assert stages == ["base", "look", "act", "base", "act"]


@pytest.mark.parametrize("share", [-0.1, 0.6, "half"])
def test_more_than_half_of_the_takes_cannot_be_held_out(share: float | str) -> None:
    with pytest.raises(BadSettings, match="held_out"):
        KINDS["finetune"].read({"takes": ["one"], "held_out": share})
