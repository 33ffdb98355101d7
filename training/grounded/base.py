"""Bases on disk: a folder with policy.json, model.safetensors and a card."""

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...runtime.atomic_file import replacing
from ...runtime.errors import TeachloopError
from ...runtime.regular_file import read_bytes, require_regular
from ..objectives.interface import Decoding
from ..policies.base_names import CONFIG, WEIGHTS, base_folder
from .config import PolicyConfig
from .head import without_gripper
from .layout import PolicyLayout
from .policy import GroundedPolicy

logger = logging.getLogger(__name__)
ADDED = ("head.added.", "head.drafted.")  # inputs that a base never had: other cameras, drafts
LATER = "head.oriented."  # one that the first bases did not have


def digest(name: str) -> str:
    """SHA-256 of a base's weights: which base an adapter was trained on."""
    return hashlib.sha256(read_bytes(base_folder(name) / WEIGHTS)).hexdigest()


def load_base(
    name: str, layout: PolicyLayout | None = None, decoding: Decoding = "regression"
) -> GroundedPolicy:
    """A base, ready to act or to be trained; with a layout, for other cameras than its own, and
    with a decoding, to act in another way. Raises UnknownBase or TeachloopError."""
    folder, config = base_folder(name), base_config(name)
    try:
        weights = read_weights(folder / WEIGHTS)
        _require_fitting(config, weights)
        policy = GroundedPolicy(config, layout, decoding)
        if not policy.layout.gripper:
            weights = without_gripper(weights, config)
        own = {key: value for key, value in policy.state_dict().items() if key.startswith(ADDED)}
        policy.load_state_dict({**_later(policy, weights), **weights, **own})
    except (SafetensorError, RuntimeError, OSError, ValueError) as error:
        raise TeachloopError(f"{folder / WEIGHTS} does not fit {CONFIG}: {error}") from error
    return policy.eval()


def read_weights(path: Path) -> dict[str, Tensor]:
    """Safetensors alone, of finite fractions. Raises OSError, SafetensorError, ValueError."""
    require_regular(path)
    weights = load_file(path)
    for name, tensor in weights.items():
        if not tensor.is_floating_point() or not tensor.isfinite().all():
            raise ValueError(f"tensor {name} holds values that are no finite fractions")
    return weights


def _later(policy: GroundedPolicy, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What a base lacks that was made before there was such an input, which then weighs nothing."""
    own = policy.state_dict().items()
    return {key: value for key, value in own if key.startswith(LATER) and key not in weights}


def _require_fitting(config: PolicyConfig, weights: Mapping[str, Tensor]) -> None:
    """Raise ValueError before a configuration of a few bytes fills the memory."""
    with torch.device("meta"):
        wanted = GroundedPolicy(config).state_dict()
    wanted = {key: value for key, value in wanted.items() if key in weights or LATER not in key}
    strange = sorted(wanted.keys() ^ weights.keys())
    if strange:
        raise ValueError(f"{len(strange)} tensors are missing or too many, first {strange[0]}")
    for name, tensor in wanted.items():
        found = weights[name].shape
        if found != tensor.shape:
            raise ValueError(f"tensor {name} is {tuple(found)} and not {tuple(tensor.shape)}")


def base_config(name: str) -> PolicyConfig:
    """Raises UnknownBase or TeachloopError."""
    return PolicyConfig.load(base_folder(name) / CONFIG)


def save_base(policy: GroundedPolicy, folder: Path) -> None:
    """Write weights and configuration, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    policy.policy_config.save(folder / CONFIG)
    with replacing(folder / WEIGHTS) as partial:
        save_file({k: v.contiguous() for k, v in policy.state_dict().items()}, partial)


def save_checkpoint(state: dict[str, object], path: Path) -> None:
    """Tensors and numbers for going on later, written whole or not at all."""
    with replacing(path) as partial:
        torch.save(state, partial)


def load_checkpoint(path: Path) -> dict[str, object] | None:
    """What ``save_checkpoint`` wrote, on the CPU, or None if there is nothing readable."""
    if not path.exists():
        return None
    try:
        require_regular(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, OSError, UnpicklingError) as error:
        logger.warning("%s cannot be read (%s); starting from the beginning.", path, error)
        return None
