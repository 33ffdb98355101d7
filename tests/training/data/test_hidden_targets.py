"""Where a person said that the target is not to be seen, both kinds of policies learn just that;
where nobody said anything, they learn nothing."""

from pathlib import Path

import numpy as np
import torch
from drawn_takes import TICKS, draw_take

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.jobs.progress import Progress
from teachloop.labeler.session import LabelingSession
from teachloop.training.data.samples import Sampling, query_masks
from teachloop.training.data.takes import learned_from, read_takes
from teachloop.training.grounded.grounding import mask_targets
from teachloop.training.openvla.demonstrations import TICKS as EVERY
from teachloop.training.openvla.demonstrations import demonstrations
from teachloop.training.openvla.grounding import patch_shares

HIDDEN = range(4, 8)
CLEARED = range(12, 16)
SIDE = 8  # patches


def label(data: Path) -> str:
    """The target has masks in all frames; then it is hidden in some, and unlabeled in others."""
    take = draw_take(data, "one", cameras=("front",))
    with LabelingSession.open(data / "takes" / take) as session:
        session.hide("front", HIDDEN, "red square")
        session.clear("red square", [("front", frame) for frame in CLEARED])
    return take


def progress_in(data: Path) -> Progress:
    return Progress(submit(data, "finetune", JobConfig()), ["look"])


def test_the_grounded_policy_learns_that_it_is_not_visible(tmp_path: Path) -> None:
    sampling = Sampling(cameras=("front",), image_size=32, chunk=1)
    takes = read_takes(tmp_path, [label(tmp_path)], sampling, progress_in(tmp_path).reading)
    samples = learned_from(takes)
    every = np.arange(len(samples))
    masks, weight = query_masks(samples, every, np.zeros_like(every), ("target",))
    absent = mask_targets(masks[:, 0], SIDE)[:, -1]
    assert [tick for tick in every if absent[tick] == 1 and weight[tick] == 1] == list(HIDDEN)
    assert [tick for tick in every if weight[tick] == 0] == list(CLEARED)


def test_openvla_learns_that_it_is_not_visible(tmp_path: Path) -> None:
    found = demonstrations(tmp_path, [label(tmp_path)], ["front"], 1, progress_in(tmp_path).reading)
    looks = range(0, TICKS, EVERY)
    shares = patch_shares(torch.from_numpy(found.masks)).sum(1)
    assert [tick for tick, share in zip(looks, shares, strict=True) if share == 0] == [
        tick for tick in looks if tick in HIDDEN
    ]
    assert [tick for tick, share in zip(looks, shares, strict=True) if share.isnan()] == [
        tick for tick in looks if tick in CLEARED
    ]
