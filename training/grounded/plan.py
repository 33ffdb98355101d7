"""What a person wants to know before training a grounded policy. Imports nothing heavy."""

from ..policies.interface import Plan
from .stages import CUSTOM, PRESETS, REPLAY

TIMES = {
    "tiny": "less than a minute",
    "quick": "about 3 min on 2 cores",
    "better": "about 10 min on 2 cores",
    REPLAY: "a few seconds",
}
PLAN = Plan(
    trains="LoRA and the action head",
    disk="about 10 MB",
    presets={
        name: (f"{sum(stage.steps for stage in stages) or 'no'} steps", TIMES[name])
        for name, stages in PRESETS.items()
    }
    | {CUSTOM: ("as set", "as long as its steps take")},
    loading_s=30.0,
    layout_s=3.0,
)
