"""Least squares for a dozen unknowns, by Levenberg and Marquardt, with errors that may be gross."""

from collections.abc import Callable

import numpy as np

from .rotations import Array

Residuals = Callable[[Array], Array]
MOST_STEPS = 60
STEP = 1e-6  # of a numerical derivative, in metres, radians or shares
ENOUGH = 1e-9  # of the cost: steps that win less are the last


def fit(residuals: Residuals, start: Array, soft: float) -> Array:
    """The unknowns (p,) that make residuals (n, d) smallest, from ``start`` on. A row longer than
    ``soft`` pulls no harder than one of that length (Huber 1964)."""
    now, damping = start, 1e-3
    cost = _cost(residuals(now), soft)
    for _ in range(MOST_STEPS):
        rows = residuals(now)
        weight = np.sqrt(soft / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), soft))
        slope = _slope(residuals, now) * weight[..., None]
        step = _step(slope.reshape(-1, len(now)), (weight * rows).ravel(), damping)
        tried = _cost(residuals(now + step), soft)
        if tried >= cost:
            damping *= 10
            if damping > 1e9:
                break
            continue
        won, now, cost, damping = cost - tried, now + step, tried, max(damping / 10, 1e-12)
        if won <= ENOUGH * cost:
            break
    return now


def _step(slope: Array, rows: Array, damping: float) -> Array:
    square = slope.T @ slope
    softened = square + damping * np.diag(np.diag(square) + 1e-12)
    return np.linalg.solve(softened, -slope.T @ rows).astype(np.float64)


def _slope(residuals: Residuals, at: Array) -> Array:
    """Derivatives (n, d, p), by differences to both sides."""
    steps = STEP * np.eye(len(at))
    each = [(residuals(at + step) - residuals(at - step)) / (2 * STEP) for step in steps]
    return np.stack(each, -1)


def _cost(rows: Array, soft: float) -> float:
    length = np.linalg.norm(rows, axis=1)
    return float(np.where(length < soft, length**2, 2 * soft * length - soft**2).sum())
