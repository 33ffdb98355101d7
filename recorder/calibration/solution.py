"""The camera's place out of views of a board, how well it is known, or why it is not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...geometry.camera import Mount
from ...geometry.poses import pose_delta
from ...geometry.rotations import Array
from ...runtime.errors import TeachloopError
from .fitting import LENS, PLACES, SIZE, Fitted, Fitting, Free
from .views import FEWEST, LEAST_TURN_DEG, MANY, BoardView, turned_deg

MOST_MM = 4.0  # of the residual, which an arm of some millimetres explains
MOST_PX_OF_WIDTH = 1 / 200
OUTLIER = 3.0  # times what is usual of views
OUTLIER_PX = 1.0
BETTER = 0.7  # of the residual, so that another lens or size is believed
OTHER = 0.01  # share by which a lens or size is another


class BadViews(TeachloopError):
    """Views out of which no place can be had; the text says what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Where the camera is."""

    mount: Mount
    pose: Array  # (4, 4) in the frame that it is mounted on
    intrinsics: Array  # (3, 3)
    residual_px: float
    residual_mm: float  # across the line of sight, at the board
    uncertain_mm: float  # of the place, from how it changes where a view is left out
    uncertain_deg: float
    view_px: dict[int, float]  # number of each view -> its residual
    outliers: list[int]
    remarks: list[str]


def solve(
    views: Sequence[BoardView], mount: Mount, intrinsics: Array, *, width: int, lens: bool = False
) -> Solution:
    """``lens``: it is measured as well, as nobody knows it. Raises BadViews."""
    _expect_enough(views)
    fitting = Fitting(views, mount, intrinsics)
    free = LENS if lens else PLACES
    found = fitting.fitted(free)
    rows = [found.errors_px[fitting.of_view == at] for at in range(len(views))]
    view_px = {view.number: _rms(row) for view, row in zip(views, rows, strict=True)}
    outliers = _outliers(view_px)
    remarks = _remarks(fitting, found, lens=lens)
    _expect_good(found, width, view_px, outliers, remarks)
    uncertain_m, uncertain_rad = _uncertain(views, mount, found, free)
    return Solution(
        mount=mount,
        pose=found.camera,
        intrinsics=found.intrinsics,
        residual_px=_rms(found.errors_px),
        residual_mm=1000 * _rms(found.errors_m),
        uncertain_mm=1000 * uncertain_m,
        uncertain_deg=float(np.degrees(uncertain_rad)),
        view_px=view_px,
        outliers=outliers,
        remarks=remarks or _named(view_px, outliers),
    )


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _expect_enough(views: Sequence[BoardView]) -> None:
    if len(views) < FEWEST:
        raise BadViews(
            f"There are too few views, {len(views)}: take at least {FEWEST}, better {MANY}."
        )
    most, next_most = turned_deg(views)
    if most < LEAST_TURN_DEG[0]:
        raise BadViews(
            f"The hand hardly turned between the views, by {most:.0f}°: tilt it by 20° and more, "
            "to and fro and to the sides."
        )
    if next_most < LEAST_TURN_DEG[1]:
        raise BadViews(
            f"The hand turned about one axis alone, {most:.0f}° about it and {next_most:.0f}° "
            "about any other: take views that are tilted about another axis, too."
        )


def _outliers(view_px: dict[int, float]) -> list[int]:
    """Numbers of views that fit far worse than the others."""
    most = max(OUTLIER_PX, OUTLIER * float(np.median(list(view_px.values()))))
    return [number for number, px in view_px.items() if px > most]


def _named(view_px: dict[int, float], outliers: list[int]) -> list[str]:
    if not outliers:
        return []
    names = ", ".join(f"{number} ({view_px[number]:.1f} px)" for number in outliers)
    usual = float(np.median(list(view_px.values())))
    return [
        f"These views do not fit the others ({usual:.1f} px): {names}. Throw them away and solve "
        "again."
    ]


def _remarks(fitting: Fitting, found: Fitted, *, lens: bool) -> list[str]:
    """What the views say of the lens, or of the board's size, where that is not as it was said."""
    kinds = [(SIZE, _size_words)] if lens else [(SIZE, _size_words), (LENS, _lens_words)]
    tried = [(fitting.fitted(free), words) for free, words in kinds]
    best, words = min(tried, key=lambda each: _rms(each[0].errors_px))
    before, after = _rms(found.errors_px), _rms(best.errors_px)
    said = words(found, best)
    if after > BETTER * before or not said:
        return []
    return [f"{said} Then the views fit by {after:.2f} px rather than {before:.2f} px."]


def _lens_words(found: Fitted, other: Fitted) -> str:
    before, after = found.intrinsics, other.intrinsics
    if np.abs(after - before)[:2].max() < OTHER * before[0, 0]:
        return ""
    return (
        f"The intrinsics seem to be off: the views say focal lengths of {after[0, 0]:.0f} and "
        f"{after[1, 1]:.0f} px and a centre at {after[0, 2]:.0f}, {after[1, 2]:.0f}, where the "
        f"camera says {before[0, 0]:.0f} and {before[1, 1]:.0f} px and {before[0, 2]:.0f}, "
        f"{before[1, 2]:.0f}."
    )


def _size_words(found: Fitted, other: Fitted) -> str:
    if abs(other.size - found.size) < OTHER:
        return ""
    return (
        f"The board seems to be {100 * other.size:.1f} % of the size that is set: measure its "
        "squares, and set what you measure."
    )


def _expect_good(
    found: Fitted, width: int, view_px: dict[int, float], outliers: list[int], remarks: list[str]
) -> None:
    px, mm = _rms(found.errors_px), 1000 * _rms(found.errors_m)
    if px <= width * MOST_PX_OF_WIDTH and mm <= MOST_MM:
        return
    usual = (
        "See that the board does not slip or bend, that it is mounted where the settings say, and "
        "that the arm stands still at each view; then take the views again."
    )
    why = " ".join(remarks or _named(view_px, outliers)) or usual
    raise BadViews(f"The views do not fit together: they miss by {px:.1f} px, {mm:.1f} mm. {why}")


def _uncertain(
    views: Sequence[BoardView], mount: Mount, found: Fitted, free: Free
) -> tuple[float, float]:
    """Standard errors of the place in metres and radians, by the jackknife (Efron 1982)."""
    count = len(views)
    without = [[*views[:at], *views[at + 1 :]] for at in range(count)]
    others = [Fitting(some, mount, found.intrinsics).fitted(free).camera for some in without]
    away = np.array([pose_delta(found.camera, other) for other in others])
    square = (count - 1) / count * ((away - away.mean(0)) ** 2).sum(0)
    return float(np.sqrt(square[:3].sum())), float(np.sqrt(square[3:].sum()))
