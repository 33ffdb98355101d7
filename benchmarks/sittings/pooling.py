"""The same sitting for several seeds, and what all of them show together."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from frame import Figures

from .options import SittingOptions

Sit = Callable[[Path, int], Mapping[str, float]]  # below a folder, with a seed: success by name


def pooled(asked: SittingOptions, names: Sequence[str], sit: Sit) -> Figures:
    """Each seed's success by name, and the mean of all."""
    with tempfile.TemporaryDirectory() as place:
        folder = asked.folder or Path(place)
        seeds = range(asked.seed, asked.seed + asked.seeds)
        each = {str(seed): dict(sit(folder / f"seed-{seed}", seed)) for seed in seeds}
    success = {name: sum(row[name] for row in each.values()) / len(each) for name in names}
    return {"success": success, "layouts_each": asked.rollouts * asked.seeds, "seeds": each}
