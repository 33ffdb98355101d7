"""Bases: configurations, headers of safetensors, indices of shards, statistics of data sets."""

import json
import shutil
from pathlib import Path

from teachloop.runtime.errors import TeachloopError
from teachloop.training.grounded.base import load_base
from teachloop.training.openvla.adapters import load_openvla_policy
from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.weights import INDEX
from teachloop.training.policies.registry import find_family, open_policy

from ..mutators import Mutator, Value
from ..tensors import changed_file
from ..tiny_openvla import STATISTICS, write_openvla
from .adapters import write_base

TOWERS: Value = {
    name: {
        "width": width,
        "depth": depth,
        "heads": heads,
        "patch": 14,
        "mlp_ratio": ratio,
        "registers": registers,
    }
    for name, width, depth, heads, ratio, registers in (
        ("featurizer", 64, 2, 1, 1.25, 4),
        ("fused_featurizer", 72, 2, 1, 1.25, 0),
    )
}
FILES = (
    "config.json",
    "config.json",
    "preprocessor_config.json",
    "dataset_statistics.json",
    "towers.json",
    INDEX,
    "generation_config.json",
    "model.safetensors",
)


class Weights:
    """A tiny base of each family, written anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._grounded = write_base(folder / "grounded")
        self._openvla = write_openvla(folder / "openvla")
        self._path = folder / "changed"

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._path, ignore_errors=True)
        try:
            return self._feed_grounded(m) if m.chance(0.6) else self._feed_openvla(m)
        except TeachloopError as error:
            return str(error)

    def _feed_grounded(self, m: Mutator) -> str:
        shutil.copytree(self._grounded, self._path)
        config = self._path / "policy.json"
        if m.chance(0.7):
            config.write_bytes(m.json(json.loads(config.read_bytes())))
        else:
            changed_file(m, self._path / "model.safetensors")
        find_family(str(self._path))
        load_base(str(self._path))
        open_policy(str(self._path))
        return ""

    def _feed_openvla(self, m: Mutator) -> str:
        shutil.copytree(self._openvla, self._path)
        self._change(m, m.draw.choice(FILES))
        find_family(str(self._path))
        load_openvla(self._path, test=False)
        if m.chance(0.3):
            load_openvla_policy(str(self._path) + m.draw.choice(("", "#tiny", "#", "#x")))
        return ""

    def _change(self, m: Mutator, name: str) -> None:
        path = self._path / name
        if name == "model.safetensors":
            changed_file(m, path)
            return
        missing: dict[str, Value] = {
            "dataset_statistics.json": {"tiny": {"action": STATISTICS}},
            "towers.json": TOWERS,
            INDEX: {"metadata": {}, "weight_map": {"a": "model.safetensors"}},
            "generation_config.json": {"eos_token_id": 2},
        }
        sample = json.loads(path.read_bytes()) if path.exists() else missing[name]
        path.write_bytes(m.json(sample))


SURFACE = Weights
