"""Hands that are off the demonstrated path, or closed on nothing, and what would be right there.

What was demonstrated shows no failures, so a head that learned from it alone would not know how to
go on after one.
"""

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.runs import runs
from ..data.samples import Samples
from .decoding import Draft
from .encoder import TextFeatures
from .feature_cache import Cached, robot_context
from .mirror import mirrored_context, mirrored_features, mirrored_offsets
from .policy import Features, GroundedPolicy, RobotContext

PLACE_NOISE = 0.01  # fraction of the image
ORIENTATION_NOISE = 0.05  # of numbers up to 1
WANDER_M = (0.01, 0.05)  # spreads of small and of large departures from the path
WANDER_RAD = 0.15  # spread of the hand's yaw about that of the path
UPRIGHT_RAD = 0.05  # tilts in a chunk, below which only the yaw is turned
OPEN = 0.5  # share from which fingers are told to be open
EMPTY = 0.1  # share of their opening below which they hold nothing
FAILED = 0.15  # of the ticks before a grasp
MIRRORED = 0.5  # of the samples that may be


class Demonstrated(NamedTuple):
    """n ticks and what was done there."""

    policy: GroundedPolicy
    features: Features
    words: TextFeatures
    now: RobotContext
    offsets: Tensor  # (n, chunk, 6)
    grippers: Tensor | None  # (n, chunk); None: there is no gripper

    def blank(self) -> Draft:
        """Drafts of which nothing is known."""
        return self.policy.head.blank(len(self.offsets))

    def noisy(self, time: Tensor) -> Draft:
        """What was done, as drafts at these times (n,)."""
        arm = self.policy.policy_config.arm
        done = (self.offsets / self.policy.action_scale)[..., :arm]
        if self.grippers is not None:
            done = torch.cat([done, self.grippers[..., None] * 2 - 1], -1)
        return Draft.mixed(done, torch.randn_like(done), time)


def off_path(
    policy: GroundedPolicy, samples: Samples, view: Cached, index: NDArray[np.int64]
) -> Demonstrated:
    """Some ticks, half of them in a mirror, the hand of each wandering."""
    device = policy.device
    rows = torch.from_numpy(index).to(device)
    features = Features(*(part[rows] for part in view.features))
    mirror = (torch.rand(len(index)).to(device) < MIRRORED) & (view.mirrored[rows] >= 0)
    said = torch.where(mirror, view.mirrored[rows], view.sentence[rows])
    words = TextFeatures(*(part[said] for part in view.words))
    now = robot_context(samples, index, view.start_place[rows], view.start_visible[rows])
    now, features = mirrored_context(now, mirror), mirrored_features(features, mirror)
    offsets = mirrored_offsets(torch.from_numpy(samples.offsets[index]).to(device), mirror)
    astray = wander(len(index)).to(device)
    turned_rad = wander_yaw(offsets)
    features, now = _disturb(features, now, astray, turned_rad)
    offsets = offsets - torch.cat([F.pad(astray, (0, 2)), turned_rad[:, None]], 1)[:, None]
    closing = samples.grippers
    grippers = None if closing is None else torch.from_numpy(closing[index]).to(device)
    return Demonstrated(policy, features, words, now, offsets, grippers)


def before_grasps(samples: Samples) -> NDArray[np.bool_]:
    """At which ticks (N,) the fingers are open in order to close on something that they then
    hold."""
    result = np.zeros(len(samples), np.bool_)
    if samples.grippers is None:
        return result
    closed = samples.grippers[:, 0] < OPEN
    holds = samples.proprioception[:, -1] > EMPTY
    for run in range(len(samples.episodes)):
        rows = np.flatnonzero(samples.episode == run)
        for part in runs(~closed[rows]):
            behind = rows[part.stop :]
            until = np.flatnonzero(~closed[behind])
            grasp = behind[: until[0] if len(until) else None]
            result[rows[part]] = len(grasp) > 0 and bool(holds[grasp].all())
    return result


def empty_handed(batch: Demonstrated, reaching: NDArray[np.bool_]) -> Demonstrated:
    """Some of the hands that are about to grasp, the fingers closed already: nobody shows how to go
    on after a grasp that failed, which is to open them, and to do what was done before it."""
    own = batch.now.proprioception
    so = (torch.rand(len(own)) < FAILED) & torch.from_numpy(reaching)
    closed = (torch.rand(len(own)) * EMPTY / 2).to(own)
    width = torch.where(so.to(own.device), closed, own[:, -1])
    own = torch.cat([own[:, :-1], width[:, None]], 1)
    return batch._replace(now=batch.now._replace(proprioception=own))


def wander(count: int) -> Tensor:
    """How far (count, 3) in metres each hand is thought to be off its demonstrated path.

    The demonstrated targets stay where they are, so the head learns to come back to the path
    (Laskey et al. 2017), and must read from the key points where that is: it cannot replay.
    """
    spread = torch.where(torch.rand(count, 1) < 0.5, *WANDER_M)
    return torch.randn(count, 3) * spread * torch.tensor([1.0, 1.0, 0.3])


def wander_yaw(offsets: Tensor) -> Tensor:
    """How far (n,) in radians each hand is thought to be turned from the path's yaw, likewise.
    Where offsets (n, chunk, 6) tilt the hand, none is: their turns would not add up."""
    upright = offsets[..., 3:5].abs().amax((1, 2)) < UPRIGHT_RAD
    return torch.randn(len(offsets)).to(offsets) * WANDER_RAD * upright


def _disturb(
    features: Features, now: RobotContext, astray: Tensor, turned_rad: Tensor
) -> tuple[Features, RobotContext]:
    """The hand elsewhere, and noise on the key points, so that none is trusted to the pixel."""
    point = features.point + torch.randn_like(features.point) * PLACE_NOISE
    noise = torch.randn_like(features.orientation) * ORIENTATION_NOISE
    place = now.start_place + torch.randn_like(now.start_place) * 0.005
    own = _turned(now.proprioception, turned_rad)
    own = own + F.pad(astray, (0, own.shape[1] - 3))
    return (
        features._replace(point=point, orientation=features.orientation + noise),
        now._replace(start_place=place, proprioception=own),
    )


def _turned(proprioception: Tensor, angle_rad: Tensor) -> Tensor:
    """Proprioception (n, 9 or more) of hands turned about the vertical."""
    cosine, sine = angle_rad.cos(), angle_rad.sin()
    zero, one = torch.zeros_like(sine), torch.ones_like(sine)
    rows = (cosine, -sine, zero), (sine, cosine, zero), (zero, zero, one)
    turn = torch.stack([torch.stack(row, -1) for row in rows], -2)
    columns = proprioception[:, 3:9].unflatten(1, (2, 3)) @ turn.mT
    return torch.cat([proprioception[:, :3], columns.flatten(1), proprioception[:, 9:]], 1)
