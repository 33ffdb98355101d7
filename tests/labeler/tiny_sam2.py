"""SAM 2 in its own shape, tiny and with random weights: what it finds means nothing."""

from pathlib import Path
from typing import Any

import torch
from transformers import Sam2VideoConfig, Sam2VideoModel

SIDE, WIDTH = 128, 128  # pixels of the square, channels of the decoder


def tiny_sam2() -> Sam2VideoModel:
    """A model whose logits lie on both sides of zero, and which sees its object everywhere."""
    torch.manual_seed(0)
    model = Sam2VideoModel(Sam2VideoConfig(**_CONFIG)).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1:
                weight.normal_(0, 1.4 * weight[0].numel() ** -0.5 if "norm" not in name else 1)
        shared = model.shared_image_embedding.positional_embedding
        model.prompt_encoder.shared_embedding.positional_embedding.copy_(shared)
        model.mask_decoder.pred_obj_score_head.proj_out.bias.fill_(4.0)
    return model


def save_tiny_sam2(folder: Path) -> Path:
    """Such a checkpoint, as the library writes it."""
    tiny_sam2().save_pretrained(folder)
    return folder


_MAPS = [[SIDE // 4] * 2, [SIDE // 8] * 2, [SIDE // 16] * 2]
_CONFIG: dict[str, Any] = {
    "image_size": SIDE,
    "vision_config": {
        "backbone_config": {
            "model_type": "sam2_hiera_det_model",
            "image_size": [SIDE, SIDE],
            "hidden_size": 8,
            "blocks_per_stage": [1, 1, 2, 1],
            "embed_dim_per_stage": [8, 16, 32, 64],
            "num_attention_heads_per_stage": [1, 1, 1, 1],
            "window_size_per_stage": [8, 4, 4, 2],
            "global_attention_blocks": [3],
        },
        "backbone_channel_list": [64, 32, 16, 8],
        "backbone_feature_sizes": _MAPS,
        "fpn_hidden_size": WIDTH,
    },
    "prompt_encoder_config": {"hidden_size": WIDTH, "image_size": SIDE},
    "mask_decoder_config": {
        "hidden_size": WIDTH,
        "mlp_dim": 32,
        "num_attention_heads": 2,
        "iou_head_hidden_dim": 32,
    },
    "memory_attention_hidden_size": WIDTH,
    "memory_attention_num_layers": 1,
    "memory_attention_feed_forward_hidden_size": 32,
    "memory_attention_rope_feat_sizes": _MAPS[-1],
    "memory_encoder_hidden_size": WIDTH,
    "memory_encoder_output_channels": 64,
    "mask_downsampler_embed_dim": WIDTH,
    "memory_fuser_embed_dim": WIDTH,
    "memory_fuser_intermediate_dim": 32,
}
