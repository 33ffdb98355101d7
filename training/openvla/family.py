"""OpenVLA and its successors as a family: see ``policies.interface``. Imports nothing heavy."""

import gc
import re
from pathlib import Path

from ...jobs.folder import JobFolder
from ...runtime.json_file import BrokenJson, read_json
from ..policies.base_names import is_there, split_base
from ..policies.interface import LoadedPolicy, Plan, PolicyFamily
from .recipe import PRESETS, Recipe

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class OpenVLA(PolicyFamily[Recipe]):
    """Large policies: they need a GPU."""

    name = "openvla"
    plan = Plan(
        trains="LoRA on vision, projector and language",
        disk="about 450 MB",
        presets={name: (f"{count} steps", "needs a GPU") for name, count in PRESETS.items()},
    )
    needs_masks = False
    several = False
    config = Recipe

    def knows(self, base: str) -> bool:
        """By its configuration, or by its id on the hub."""
        base, _ = split_base(base)
        config = Path(base) / "config.json"
        if is_there(config):
            try:
                return read_json(config).get("model_type") == "openvla"
            except BrokenJson:
                return False
        there = is_there(Path(base))
        return bool(HUB_ID.fullmatch(base)) and "openvla" in base.lower() and not there

    def absolute_name(self, base: str) -> str:
        source, _ = split_base(base)
        there = is_there(Path(source))
        return f"{Path(source).resolve()}{base[len(source) :]}" if there else base

    def label(self, base: str) -> str:
        return base if "/" in base else super().label(base)

    def open(self, base: str, adapter: Path | None, bits: int) -> LoadedPolicy:
        from .adapters import load_openvla_policy
        from .agent import OpenVLAAgent
        from .demonstrations import TICK_HZ

        policy = load_openvla_policy(base, adapter, bits=bits)
        return LoadedPolicy(lambda instruction: OpenVLAAgent(policy, instruction), TICK_HZ)

    def finetune(self, config: Recipe, job: JobFolder) -> Path:
        import torch

        from .finetune import finetune

        folder = finetune(config, job)
        gc.collect()  # the process that tries it needs the room
        torch.cuda.empty_cache()
        return folder


FAMILY = OpenVLA()
