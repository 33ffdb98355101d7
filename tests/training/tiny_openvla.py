"""A tiny OpenVLA checkpoint with random weights, in the published key names and files.

The names are listed here once more, by hand, so that the mapping is checked against them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from torch import Tensor

DINO, SIGLIP = "vision_backbone.featurizer.", "vision_backbone.fused_featurizer."
IDS, PADDED = 384, 448
STATISTICS = {
    "q01": [-0.02, -0.03, -0.01, -0.1, -0.2, -0.3, 0.0],
    "q99": [0.04, 0.03, 0.05, 0.2, 0.1, 0.3, 1.0],
    "mask": [True] * 6 + [False],
}
Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Tiny:
    """Sizes of the checkpoint; the heads are what timm's ids make of the widths."""

    dino: int = 128  # two heads of 64
    dino_depth: int = 3
    dino_mlp: int = 160  # no whole multiple of the width
    siglip: int = 72  # one head
    siglip_depth: int = 2
    siglip_mlp: int = 100
    language: int = 48
    language_mlp: int = 80
    language_depth: int = 2
    text: dict[str, object] = field(default_factory=dict)


def shapes(tiny: Tiny) -> Shapes:
    """Every published tensor."""
    return {
        **_tower(DINO, tiny.dino, tiny.dino_depth, tiny.dino_mlp, scales=True),
        f"{DINO}cls_token": (1, 1, tiny.dino),
        f"{DINO}reg_token": (1, 4, tiny.dino),
        **_tower(SIGLIP, tiny.siglip, tiny.siglip_depth, tiny.siglip_mlp, scales=False),
        **_pool(tiny.siglip, tiny.siglip_mlp),
        **_projector(tiny.dino + tiny.siglip, tiny.language),
        **_llama(tiny),
    }


def _linear(name: str, inputs: int, outputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _norm(name: str, width: int) -> Shapes:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def _tower(prefix: str, width: int, depth: int, mlp: int, scales: bool) -> Shapes:
    held: Shapes = {
        f"{prefix}pos_embed": (1, 256, width),
        f"{prefix}patch_embed.proj.weight": (width, 3, 14, 14),
        f"{prefix}patch_embed.proj.bias": (width,),
        **_norm(f"{prefix}norm", width),
    }
    for block in (f"{prefix}blocks.{index}." for index in range(depth)):
        held |= _linear(f"{block}attn.qkv", width, 3 * width)
        held |= _linear(f"{block}attn.proj", width, width)
        held |= _linear(f"{block}mlp.fc1", width, mlp) | _linear(f"{block}mlp.fc2", mlp, width)
        held |= _norm(f"{block}norm1", width) | _norm(f"{block}norm2", width)
        if scales:
            held |= {f"{block}ls{n}.scale_factor": (width,) for n in (1, 2)}
    return held


def _pool(width: int, mlp: int) -> Shapes:
    pool = f"{SIGLIP}attn_pool."
    return {
        f"{pool}latent": (1, 1, width),
        **_linear(f"{pool}q", width, width),
        **_linear(f"{pool}kv", width, 2 * width),
        **_linear(f"{pool}proj", width, width),
        **_norm(f"{pool}norm", width),
        **_linear(f"{pool}mlp.fc1", width, mlp),
        **_linear(f"{pool}mlp.fc2", mlp, width),
    }


def _projector(vision: int, language: int) -> Shapes:
    return {
        **_linear("projector.fc1", vision, 4 * vision),
        **_linear("projector.fc2", 4 * vision, language),
        **_linear("projector.fc3", language, language),
    }


def _llama(tiny: Tiny) -> Shapes:
    width, mlp = tiny.language, tiny.language_mlp
    held: Shapes = {
        "language_model.model.embed_tokens.weight": (PADDED, width),
        "language_model.model.norm.weight": (width,),
        "language_model.lm_head.weight": (PADDED, width),
    }
    for index in range(tiny.language_depth):
        layer = f"language_model.model.layers.{index}."
        held |= {f"{layer}self_attn.{name}_proj.weight": (width, width) for name in "qkvo"}
        held |= {f"{layer}mlp.{name}_proj.weight": (mlp, width) for name in ("gate", "up")}
        held |= {f"{layer}mlp.down_proj.weight": (width, mlp)}
        held |= {f"{layer}{n}_layernorm.weight": (width,) for n in ("input", "post_attention")}
    return held


def tensors(tiny: Tiny, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Random weights at the scale of a trained model's."""
    torch.manual_seed(1)
    return {key: _random(key, shape).to(dtype) for key, shape in shapes(tiny).items()}


def _random(key: str, shape: tuple[int, ...]) -> Tensor:
    noise = torch.randn(shape)
    if ("norm" in key and key.endswith("weight")) or "scale" in key:
        return 1.0 + 0.1 * noise
    if len(shape) == 1 or "pos_embed" in key:
        return 0.1 * noise
    if "embed_tokens" in key or "token" in key:
        return noise
    return noise / noise[0].numel() ** 0.5


def write_checkpoint(
    folder: Path,
    tiny: Tiny | None = None,
    held: dict[str, Tensor] | None = None,
    tokenizer: bool = False,
) -> Path:
    """A loadable folder with one model.safetensors."""
    torch.set_num_threads(1)  # more only disturb each other in models so small
    tiny = tiny or Tiny()
    folder.mkdir(parents=True)
    save_file(tensors(tiny) if held is None else held, folder / "model.safetensors")
    write_json(folder / "config.json", config(tiny))
    write_json(folder / "preprocessor_config.json", preprocessor())
    if tokenizer:
        write_tokenizer(folder)
    return folder


def stored(folder: Path) -> dict[str, Tensor]:
    """All tensors of a folder, read without the package."""
    held: dict[str, Tensor] = {}
    for path in folder.glob("*.safetensors"):
        held |= load_file(path)
    return held


def write_shards(folder: Path) -> None:
    """Cut model.safetensors in two, as the published one is cut in three."""
    held = stored(folder)
    (folder / "model.safetensors").unlink()
    weight_map: dict[str, str] = {}
    for number, keys in enumerate((sorted(held)[::2], sorted(held)[1::2]), 1):
        name = f"model-{number:05d}-of-00002.safetensors"
        save_file({key: held[key] for key in keys}, folder / name)
        weight_map |= dict.fromkeys(keys, name)
    write_json(folder / "model.safetensors.index.json", {"metadata": {}, "weight_map": weight_map})


def config(tiny: Tiny) -> dict[str, object]:
    text = {
        "model_type": "llama", "vocab_size": PADDED, "hidden_size": tiny.language,
        "intermediate_size": tiny.language_mlp, "num_hidden_layers": tiny.language_depth,
        "num_attention_heads": 4, "pad_token_id": IDS, "torch_dtype": "bfloat16", **tiny.text,
    }  # fmt: skip
    return {
        "model_type": "openvla", "architectures": ["OpenVLAForActionPrediction"],
        "auto_map": {"AutoConfig": "configuration_prismatic.OpenVLAConfig"},
        "timm_model_ids": [
            "vit_large_patch14_reg4_dinov2.lvd142m", "vit_so400m_patch14_siglip_224",
        ],
        "use_fused_vision_backbone": True, "image_resize_strategy": "resize-naive",
        "image_sizes": [224, 224], "n_action_bins": 256, "pad_token_id": IDS,
        "pad_to_multiple_of": PADDED - IDS, "text_config": text,
        "norm_stats": {"tiny": {"action": STATISTICS}},
    }  # fmt: skip


def preprocessor() -> dict[str, object]:
    return {
        "means": [[0.484375, 0.455078125, 0.40625], [0.5, 0.5, 0.5]],
        "stds": [[0.228515625, 0.2236328125, 0.224609375], [0.5, 0.5, 0.5]],
        "input_sizes": [[3, 224, 224], [3, 224, 224]],
    }


def write_tokenizer(folder: Path) -> None:
    """One id a byte, after <unk>, <s> and </s> like Llama's."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = ["<unk>", "<s>", "</s>", *letters]
    bytes_ = Tokenizer(models.BPE({name: index for index, name in enumerate(names)}, []))
    bytes_.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_.decoder = decoders.ByteLevel()
    bytes_.post_processor = processors.TemplateProcessing("<s> $A", None, [("<s>", 1)])
    bytes_.save(str(folder / "tokenizer.json"))
    kind = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}
    write_json(folder / "tokenizer_config.json", kind)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def linear_layers(tiny: Tiny) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Published linear layers and patch convolutions: what the reference puts a LoRA on."""
    for key, shape in shapes(tiny).items():
        if key.endswith(".weight") and len(shape) in (2, 4) and "embed_tokens" not in key:
            yield key.removesuffix(".weight"), shape
