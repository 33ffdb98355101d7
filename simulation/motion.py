"""Smooth, slightly human motions between end-effector poses, sampled once a control tick."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..datasets.steps import Pose
from ..geometry.poses import apply_delta, pose_delta

TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class MotionStyle:
    """How one person moves: drawn once for each demonstration."""

    speed_m_s: float  # mean speed over a long free motion
    curve: float  # sideways bow of free motions, as a share of their length
    tremor_m: float  # size of the wander around the path, which dies out towards its end
    pause_s: float  # mean of the hesitation before a delicate step

    @classmethod
    def sample(cls, rng: np.random.Generator) -> "MotionStyle":
        return cls(
            speed_m_s=float(rng.uniform(0.22, 0.32)),
            curve=float(rng.uniform(0.0, 0.12)),
            tremor_m=float(rng.uniform(0.0005, 0.003)),
            pause_s=float(rng.choice([0.0, 0.0, 0.08, 0.16])),
        )


def path(
    start: Pose, end: Pose, style: MotionStyle, rng: np.random.Generator, *, care: float = 1.0
) -> Iterator[Pose]:
    """Poses from after ``start`` to exactly ``end``, in minimum-jerk time (Flash & Hogan 1985).

    ``care`` > 1 is slower, straighter and steadier.
    """
    delta = pose_delta(start, end)
    length = float(np.linalg.norm(delta[:3]))
    ticks = _duration_ticks(length, float(np.linalg.norm(delta[3:])), style, care)
    bow = _sideways(delta[:3], rng) * style.curve * length / care**2
    wander = _wander(ticks, style.tremor_m / care**2, rng)
    for tick in range(1, ticks + 1):
        share = _minimum_jerk(tick / ticks)
        pose = apply_delta(start, share * delta)
        pose[:3, 3] += 4 * share * (1 - share) * bow + wander[tick - 1]
        yield pose


def _duration_ticks(length_m: float, angle_rad: float, style: MotionStyle, care: float) -> int:
    seconds = max(0.20 + length_m / style.speed_m_s, 0.15 + angle_rad / 2.2)
    return max(2, round(care * seconds / TICK_S))


def _minimum_jerk(share: float) -> float:
    return share**3 * (10 - 15 * share + 6 * share**2)


def _sideways(direction: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random horizontal unit vector across the direction, or upwards."""
    across = np.cross(direction, [0.0, 0.0, 1.0])
    across = rng.choice([-1.0, 1.0]) * across + [0.0, 0.0, 0.7 * np.linalg.norm(across)]
    return across / max(float(np.linalg.norm(across)), 1e-6)


def _wander(ticks: int, size_m: float, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise (ticks, 3) that is zero at both ends: an error that gets corrected."""
    noise = rng.normal(0.0, size_m, (ticks, 3))
    kernel = np.ones(min(5, ticks)) / np.sqrt(min(5, ticks))
    smooth = np.stack([np.convolve(axis, kernel, mode="same") for axis in noise.T], 1)
    return smooth * np.sin(np.pi * np.arange(1, ticks + 1) / ticks)[:, None]
