"""Views of a board: the corners that a camera saw, and where the hand was meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...geometry.camera import Mount
from ...geometry.hand_eye import turned_rad
from ...geometry.poses import inverse
from ...geometry.rotations import Array
from ...runtime.validation import StrictModel

FEWEST, MANY = 8, 12
LEAST_TURN_DEG = (15.0, 10.0)  # about the axis with the most, and about the next
GOOD_TURN_DEG = (30.0, 20.0)
GOOD_SPREAD_M = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoardView:
    """One look."""

    number: int
    hand: Array  # (4, 4) end effector in the base frame
    points: Array  # (n, 3) corners on the board, metres
    pixels: Array  # (n, 2) where the camera saw them
    seen: Array  # (4, 4) board in the camera's frame, by this view alone


def hands_of(views: Sequence[BoardView]) -> Array:
    """(n, 4, 4)"""
    return np.array([view.hand for view in views])


def moves_of(hands: Array, mount: Mount) -> Array:
    """(n, 4, 4) as ``geometry.hand_eye`` has them."""
    return hands if mount == "base" else inverse(hands)


class Coverage(StrictModel):
    """How far the views are spread, and what is missing."""

    views: int
    spread_m: float
    """Between the two hands that are farthest apart."""
    turned_deg: list[float]
    """About the axis with the most, and about the next."""
    missing: list[str]

    @classmethod
    def of(cls, views: Sequence[BoardView]) -> "Coverage":
        turned, spread = turned_deg(views), spread_m(views)
        missing = [*_few(len(views)), *_narrow(turned), *_near(spread)]
        return cls(views=len(views), spread_m=spread, turned_deg=turned, missing=missing)


def turned_deg(views: Sequence[BoardView]) -> list[float]:
    """About the axis with the most, and about the next."""
    if len(views) < 2:
        return [0.0, 0.0]
    return np.degrees(turned_rad(hands_of(views)))[:2].tolist()


def spread_m(views: Sequence[BoardView]) -> float:
    """Between the two hands that are farthest apart."""
    places = np.array([view.hand[:3, 3] for view in views]).reshape(-1, 3)
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    return float(apart.max(initial=0.0))


def _few(count: int) -> list[str]:
    return [f"{MANY - count} more views"] if count < MANY else []


def _narrow(turned: Sequence[float]) -> list[str]:
    if turned[0] < GOOD_TURN_DEG[0]:
        return [f"wider tilts: {turned[0]:.0f}° of {GOOD_TURN_DEG[0]:.0f}°"]
    if turned[1] < GOOD_TURN_DEG[1]:
        return [f"tilts about another axis: {turned[1]:.0f}° of {GOOD_TURN_DEG[1]:.0f}°"]
    return []


def _near(spread: float) -> list[str]:
    if spread >= GOOD_SPREAD_M:
        return []
    return [f"places farther apart: {100 * spread:.0f} cm of {100 * GOOD_SPREAD_M:.0f} cm"]
