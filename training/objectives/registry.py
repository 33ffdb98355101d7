"""What models learn by: every objective by its name. Imports nothing heavy."""

from .interface import Objective

OBJECTIVES: dict[str, Objective] = {
    "grounding": Objective("frames", "..grounded.grounding_training:grounding"),
    "grounding_mse": Objective("frames", "..grounded.grounding_training:grounding_mse"),
    "contrast": Objective("frames", "..grounded.grounding_training:contrast"),
    "triplet": Objective("frames", "..grounded.grounding_training:triplet"),
    "cloning": Objective("features", "..grounded.behavior_cloning:cloning"),
    "cloning_l2": Objective("features", "..grounded.behavior_cloning:cloning_l2"),
    "cloning_two_step": Objective(
        "features", "..grounded.behavior_cloning:cloning_two_step", "two_step"
    ),
    "cloning_flow": Objective("features", "..grounded.behavior_cloning:cloning_flow", "flow"),
    "action": Objective("looks", "..openvla.objective:action"),
    "patches": Objective("looks", "..openvla.objective:patches"),
}
