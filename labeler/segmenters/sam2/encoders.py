"""The image encoder that a configuration names: SAM 2's own, or EdgeTAM's, of the package timm.

Transformers makes whatever is named, and looks for it on the hub where it does not know it; timm
does so as well, and loads files. Nothing but these two, as they are published, gets that far.
"""

import re
from collections.abc import Mapping
from typing import Any

from ...packages import require_packages

VISION = ("sam2_vision_model", "edgetam_vision_model")
HIERA, TIMM = "sam2_hiera_det_model", "timm_wrapper"
PACKAGES = ("timm", "torchvision")  # timm imports torchvision
OWN = re.compile(r"\w+(\.\w+)?")  # of timm; with a colon it would be of the hub, or a folder
ARGUMENTS = {"in_chans", "features_only", "out_indices"}  # among the others is a file to load


def foreign_encoder(config: Mapping[str, Any]) -> str:
    """What is wrong with the encoder of a checkpoint's configuration, in words; "" where nothing
    is. Raises KeyError, TypeError, AttributeError where none is named, MissingPackages."""
    vision = config["vision_config"]
    encoder = vision["backbone_config"]
    kind = encoder["model_type"]
    if vision.get("model_type", VISION[0]) not in VISION or kind not in (HIERA, TIMM):
        return f"its image encoder is {kind!r:.40}"
    return _foreign_to_timm(encoder) if kind == TIMM else ""


def _foreign_to_timm(encoder: Mapping[str, Any]) -> str:
    require_packages("EdgeTAM", PACKAGES)
    if not OWN.fullmatch(encoder["architecture"]):
        return f"its image encoder {encoder['architecture']!r:.40} is none of timm's own"
    others = sorted(set(encoder["model_args"]) - ARGUMENTS)
    return f"it wants {others[0]!r:.40} of its image encoder" if others else ""
