"""SAM 2 and EdgeTAM in their own shapes, tiny and with random weights: what they find means
nothing. EdgeTAM's image encoder is of timm, which the extra edgetam brings."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    EdgeTamVideoConfig,
    EdgeTamVideoModel,
    Sam2VideoConfig,
    Sam2VideoModel,
    TimmWrapperConfig,
)

SIDE, WIDTH = 128, 128  # pixels of the square, channels of the decoder
NO_TIMM = pytest.mark.skipif(
    not find_spec("timm"), reason="the extra edgetam (timm, torchvision) is not installed"
)
KINDS = ("sam2", pytest.param("edgetam", marks=NO_TIMM))


def tiny(kind: str) -> Any:
    """A model whose logits lie on both sides of zero, and which sees its object everywhere."""
    torch.manual_seed(0)
    model = _spread(_sam2() if kind == "sam2" else _edgetam())
    _settle(model.vision_encoder)
    return model.eval()


def _sam2() -> Sam2VideoModel:
    vision = {"backbone_config": _HIERA, "backbone_channel_list": [64, 32, 16, 8], **_VISION}
    return Sam2VideoModel(
        Sam2VideoConfig(
            **_CONFIG, vision_config=vision, memory_attention_feed_forward_hidden_size=32
        )
    )


def _edgetam() -> EdgeTamVideoModel:
    """Its encoder is the published one's, which knows no smaller size."""
    encoder = TimmWrapperConfig(architecture="repvit_m1", model_args=dict(_FEATURES))
    vision = {"model_type": "edgetam_vision_model", "backbone_config": encoder, **_VISION}
    return EdgeTamVideoModel(EdgeTamVideoConfig(**_CONFIG, **_PERCEIVER, vision_config=vision))


def _spread(model: Any) -> Any:
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1:
                weight.normal_(0, 1.4 * weight[0].numel() ** -0.5 if "norm" not in name else 1)
        shared = model.shared_image_embedding.positional_embedding
        model.prompt_encoder.shared_embedding.positional_embedding.copy_(shared)
        model.mask_decoder.pred_obj_score_head.proj_out.bias.fill_(4.0)
    return model


def _settle(encoder: Any) -> None:
    """Its batch norms, where it has some, learn what is usual from two images of noise."""
    norms = [layer for layer in encoder.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for layer in norms:
        layer.momentum = 1.0
    if norms:
        with torch.no_grad():
            encoder.train()(torch.randn(2, 3, SIDE, SIDE))


def save_tiny(kind: str, folder: Path) -> Path:
    """Such a checkpoint, as the library writes it."""
    tiny(kind).save_pretrained(folder)
    return folder


_MAPS = [[SIDE // 4] * 2, [SIDE // 8] * 2, [SIDE // 16] * 2]
_VISION: dict[str, Any] = {"backbone_feature_sizes": _MAPS, "fpn_hidden_size": WIDTH}
_HIERA: dict[str, Any] = {
    "model_type": "sam2_hiera_det_model",
    "image_size": [SIDE, SIDE],
    "hidden_size": 8,
    "blocks_per_stage": [1, 1, 2, 1],
    "embed_dim_per_stage": [8, 16, 32, 64],
    "num_attention_heads_per_stage": [1, 1, 1, 1],
    "window_size_per_stage": [8, 4, 4, 2],
    "global_attention_blocks": [3],
}
_FEATURES: dict[str, Any] = {"in_chans": 3, "features_only": True, "out_indices": [0, 1, 2, 3]}
_PERCEIVER: dict[str, Any] = {
    "memory_attention_mlp_hidden_size": 32,
    "memory_attention_rope_k_sizes": [2, 2],
    "perceiver_resampler_num_latents": 4,
    "perceiver_resampler_num_latents_2d": 4,
    "perceiver_resampler_num_layers": 1,
}
_CONFIG: dict[str, Any] = {
    "image_size": SIDE,
    "prompt_encoder_config": {"hidden_size": WIDTH, "image_size": SIDE},
    "mask_decoder_config": {
        "hidden_size": WIDTH,
        "mlp_dim": 32,
        "num_attention_heads": 2,
        "iou_head_hidden_dim": 32,
    },
    "memory_attention_hidden_size": WIDTH,
    "memory_attention_num_layers": 1,
    "memory_attention_rope_feat_sizes": _MAPS[-1],
    "memory_encoder_hidden_size": WIDTH,
    "memory_encoder_output_channels": 64,
    "mask_downsampler_embed_dim": WIDTH,
    "memory_fuser_embed_dim": WIDTH,
    "memory_fuser_intermediate_dim": 32,
}
