"""The two vision towers: DINOv2 with registers and SigLIP, side by side.

Each patch's features are what the last block but one puts out, without the final norm; the last
block, the final norms and SigLIP's attention pooling are kept for saving and never run.
"""

import torch
from torch import Tensor, nn
from transformers import (
    Dinov2WithRegistersConfig,
    Dinov2WithRegistersModel,
    SiglipVisionConfig,
    SiglipVisionModel,
)

from .settings import PATCH_GRID
from .sizes import Towers, TowerSize


class AttentionPool(nn.Module):
    """timm's AttentionPoolLatent by its parameters alone. It is part of every checkpoint, and
    of none of the features."""

    def __init__(self, width: int, mlp: int) -> None:
        super().__init__()
        self.latent = nn.Parameter(torch.zeros(1, 1, width))
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.proj = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, mlp), "fc2": nn.Linear(mlp, width)})


class VisionBackbone(nn.Module):
    """(n, 6, 224, 224) pixels → (n, 256, DINO's width + SigLIP's) features."""

    def __init__(self, towers: Towers, attention: str) -> None:
        super().__init__()
        self.featurizer = build_dino(towers.dino, attention)
        self.fused_featurizer = build_siglip(towers.siglip, attention)
        self.attn_pool = AttentionPool(towers.siglip.width, towers.siglip.mlp)

    def forward(self, pixel_values: Tensor) -> Tensor:
        dino, siglip = pixel_values.split(3, dim=1)
        features = (
            dino_features(self.featurizer, dino),
            siglip_features(self.fused_featurizer, siglip),
        )
        return torch.cat(features, dim=-1)


def dino_features(tower: Dinov2WithRegistersModel, pixels: Tensor) -> Tensor:
    """(n, 3, 224, 224) → (n, 256, width)."""
    hidden = tower.embeddings(pixels)
    for block in tower.encoder.layer[:-1]:
        hidden = block(hidden, None)
    return hidden[:, 1 + tower.config.num_register_tokens :]


def siglip_features(tower: SiglipVisionModel, pixels: Tensor) -> Tensor:
    """(n, 3, 224, 224) → (n, 256, width)."""
    hidden = tower.embeddings(pixels)
    for block in tower.encoder.layers[:-1]:
        hidden = block(hidden, None)
    return hidden


def build_dino(size: TowerSize, attention: str) -> Dinov2WithRegistersModel:
    """The tower without weights. Its mask token is no part of the checkpoint, and is removed."""
    config = Dinov2WithRegistersConfig(
        hidden_size=size.width,
        num_hidden_layers=size.depth,
        num_attention_heads=size.heads,
        image_size=size.patch * PATCH_GRID,
        patch_size=size.patch,
        num_register_tokens=size.registers,
    )
    tower = Dinov2WithRegistersModel._from_config(config, attn_implementation=attention)
    tower.embeddings.register_parameter("mask_token", None)
    for block in tower.encoder.layer:  # the configuration's ratio can only be a whole number
        mlp = block.get_submodule("mlp")
        mlp.add_module("fc1", nn.Linear(size.width, size.mlp))
        mlp.add_module("fc2", nn.Linear(size.mlp, size.width))
    return tower


def build_siglip(size: TowerSize, attention: str) -> SiglipVisionModel:
    """The tower without weights, with timm's exact GELU instead of the tanh form."""
    config = SiglipVisionConfig(
        hidden_size=size.width,
        num_hidden_layers=size.depth,
        num_attention_heads=size.heads,
        intermediate_size=size.mlp,
        image_size=size.patch * PATCH_GRID,
        patch_size=size.patch,
        hidden_act="gelu",
        vision_use_head=False,
    )
    return SiglipVisionModel._from_config(config, attn_implementation=attention)


def restore_buffers(backbone: VisionBackbone, device: torch.device) -> None:
    """Make what no checkpoint holds, after the tower was built on the meta device."""
    embeddings = backbone.fused_featurizer.embeddings
    positions = torch.arange(embeddings.num_positions, device=device).expand(1, -1)
    embeddings.register_buffer("position_ids", positions, persistent=False)
