"""What models learn by: every objective by its name. Imports nothing heavy."""

from .interface import Objective

OBJECTIVES: dict[str, Objective] = {
    "grounding": Objective("frames", "..grounded.grounding_training:grounding"),
    "contrast": Objective("frames", "..grounded.grounding_training:contrast"),
    "cloning": Objective("features", "..grounded.behavior_cloning:cloning"),
    "action": Objective("looks", "..openvla.objective:action"),
    "patches": Objective("looks", "..openvla.objective:patches"),
}
