"""Draws how a scene looks: table, light and where exactly the cameras are."""

import colorsys

import numpy as np

from .scenes import Look, Numbers

_TABLES = ("plain", "wood", "checker", "speckle")


def sample_look(rng: np.random.Generator) -> Look:
    """A calm table, soft light, and cameras a little off their nominal mounting."""
    table = _TABLES[rng.choice(4, p=[0.35, 0.35, 0.12, 0.18])]
    base, accent = _table_colors(rng, table)
    return Look(
        table=table,
        table_rgb=base,
        table_accent_rgb=accent,
        light_direction=_floats(rng.uniform([-0.9, -0.6, -1.0], [-0.1, 0.6, -1.0])),
        light=float(rng.uniform(0.42, 0.58)),
        ambient=float(rng.uniform(0.24, 0.34)),
        front_position_jitter_m=_floats(rng.uniform(-0.015, 0.015, 3)),
        front_target_jitter_m=_floats(rng.uniform(-0.006, 0.006, 3)),
        wrist_position_jitter_m=_floats(rng.uniform(-0.003, 0.003, 3)),
        wrist_target_jitter_m=_floats(rng.uniform(-0.003, 0.003, 3)),
    )


def _table_colors(rng: np.random.Generator, table: str) -> tuple[Numbers, Numbers]:
    if table == "wood":
        hue, saturation, value = rng.uniform([0.065, 0.25, 0.60], [0.10, 0.48, 0.82])
    else:
        hue, saturation, value = rng.uniform([0.0, 0.0, 0.55], [1.0, 0.10, 0.88])
    contrast = rng.uniform(0.88, 0.95)
    shades = (colorsys.hsv_to_rgb(hue, saturation, value * k) for k in (1.0, contrast))
    base, accent = (_floats(np.array(shade)) for shade in shades)
    return base, accent


def _floats(values: np.ndarray) -> Numbers:
    return tuple(float(value) for value in values)
