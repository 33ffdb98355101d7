"""SAM 3 in its own shape, tiny and with random weights: what it finds means nothing."""

import string
from pathlib import Path
from typing import Any

import torch
from transformers import CLIPTokenizer, Sam3Config, Sam3Model

SIDE, WIDTH = 112, 32  # pixels of the square, channels
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
SURE = 10.0  # logit of what is there


def tiny_sam3(presence: float = SURE) -> Sam3Model:
    """A model whose logits lie on both sides of zero, and which is as sure of any words that what
    they say is there as ``presence`` says."""
    torch.manual_seed(0)
    model = Sam3Model(Sam3Config(**_CONFIG)).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1:
                weight.normal_(0, 1.4 * weight[0].numel() ** -0.5 if "norm" not in name else 1)
        last: Any = model.detr_decoder.presence_head.layer3
        last.weight.zero_()
        last.bias.fill_(presence)
    return model


def save_tiny_sam3(folder: Path, presence: float = SURE) -> Path:
    """Such a checkpoint, as the library writes it, with a tokenizer that knows letters."""
    tiny_sam3(presence).save_pretrained(folder)
    CLIPTokenizer(vocab=_VOCABULARY, merges=[]).save_pretrained(folder)
    return folder


_LETTERS = string.ascii_lowercase + string.digits
_WORDS = [BEGIN, END, *_LETTERS, *(f"{letter}</w>" for letter in _LETTERS)]
_VOCABULARY = {word: number for number, word in enumerate(_WORDS)}
_SMALL = {"hidden_size": WIDTH, "num_attention_heads": 2}
_PART: dict[str, Any] = {**_SMALL, "num_layers": 1, "intermediate_size": 64, "dropout": 0.0}
_CONFIG: dict[str, Any] = {
    "vision_config": {
        "backbone_config": {
            "model_type": "sam3_vit_model",
            **_SMALL,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "image_size": SIDE,
            "pretrain_image_size": SIDE // 2,
            "window_size": 4,
            "global_attn_indexes": [1],
        },
        "fpn_hidden_size": WIDTH,
        "backbone_feature_sizes": [[32, 32], [16, 16], [8, 8]],
    },
    "text_config": {
        "model_type": "clip_text_model",
        **_SMALL,
        "vocab_size": len(_WORDS),
        "intermediate_size": 64,
        "projection_dim": 16,
        "num_hidden_layers": 1,
        "max_position_embeddings": 32,
        "hidden_act": "gelu",
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 1,
    },
    "geometry_encoder_config": _PART,
    "detr_encoder_config": _PART,
    "detr_decoder_config": {**_PART, "num_queries": 8},
    "mask_decoder_config": {**_SMALL},
}
