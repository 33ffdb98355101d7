"""SAM's published weights: found, looked at, loaded as tensors and nothing else."""

import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from ....runtime.errors import TeachloopError
from ....runtime.regular_file import require_regular
from ..weights import Weights, kept
from .library import segment_anything

VARIABLE = "TEACHLOOP_SAM"
PUBLISHED = "github.com/facebookresearch/segment-anything (sam_vit_b, _l or _h, Apache-2.0)"
WIDTH = "image_encoder.pos_embed"  # (1, 64, 64, width)
SIZES = {768: "vit_b", 1024: "vit_l", 1280: "vit_h"}


class NoWeights(TeachloopError):
    def __init__(self, path: str) -> None:
        where = f"There is no file {path}" if path else "No weights of SAM are named"
        super().__init__(
            f"{where}. Name those from {PUBLISHED} on Set-up, in {VARIABLE}, or in labeler.json: "
            '{"weights": {"segment-anything": "…/sam_vit_b.pth"}}.'
        )


class UnusableWeights(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is no checkpoint of SAM: {reason}. Those from {PUBLISHED} are.")


def find_weights(named: str = "") -> Weights:
    """This file, or the one that the environment names. Raises NoWeights."""
    wanted = named or os.environ.get(VARIABLE, "")
    path = Path(wanted).expanduser()
    if not wanted or not path.is_file():
        raise NoWeights(wanted)
    return Weights.of(path)


def check_weights(named: str) -> None:
    """Whether they can be loaded. Raises NoWeights, UnusableWeights."""
    load_sam(find_weights(named))


@kept
def load_sam(weights: Weights) -> Any:
    """The model, on the GPU where there is one. Raises UnusableWeights."""
    path = weights.path
    state = _read(path)
    size = _size(path, state)
    model = segment_anything().sam_model_registry[size]()
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        reason = f"its tensors are not those of {size} ({_first_line(error)})"
        raise UnusableWeights(path, reason) from error
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def _read(path: Path) -> Mapping[str, torch.Tensor]:
    try:
        require_regular(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UnusableWeights(path, "it holds more than tensors, and none of it was run") from error
    except Exception as error:  # a file that is cut short fails in many ways
        raise UnusableWeights(path, f"it cannot be read ({_first_line(error)})") from error
    if not isinstance(state, dict) or not all(torch.is_tensor(each) for each in state.values()):
        raise UnusableWeights(path, "it is not one table of tensors")
    return state


def _size(path: Path, state: Mapping[str, torch.Tensor]) -> str:
    width = state[WIDTH].shape[-1] if WIDTH in state else None
    if width not in SIZES:
        raise UnusableWeights(path, "its image encoder is none of ViT-B, ViT-L and ViT-H")
    return SIZES[width]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:150]
