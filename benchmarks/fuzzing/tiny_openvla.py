"""A checkpoint of OpenVLA's kind with random weights, in the published names, a few kilobytes."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from teachloop.training.openvla.checkpoint import empty_openvla, layout
from teachloop.training.openvla.mapping import to_reference
from teachloop.training.openvla.settings import OpenVLASettings
from teachloop.training.openvla.sizes import DINO_ID, SIGLIP_ID, Towers, TowerSize

from .mutators import Value

STATISTICS: dict[str, Value] = {
    "q01": [-0.02, -0.03, -0.01, -0.1, -0.2, -0.3, 0.0],
    "q99": [0.04, 0.03, 0.05, 0.2, 0.1, 0.3, 1.0],
    "mask": [True, True, True, True, True, True, False],
}
TOWERS = Towers(
    TowerSize(width=64, depth=2, heads=1, mlp=80, registers=4),
    TowerSize(width=72, depth=2, heads=1, mlp=90),
)
CONFIG: dict[str, Value] = {
    "model_type": "openvla",
    "timm_model_ids": [DINO_ID, SIGLIP_ID],
    "use_fused_vision_backbone": True,
    "image_resize_strategy": "resize-naive",
    "image_sizes": [224, 224],
    "n_action_bins": 256,
    "pad_token_id": 384,
    "pad_to_multiple_of": 64,
    "text_config": {
        "model_type": "llama", "vocab_size": 448, "hidden_size": 32, "intermediate_size": 40,
        "num_hidden_layers": 1, "num_attention_heads": 4, "pad_token_id": 384,
    },
    "norm_stats": {"tiny": {"action": STATISTICS}},
}  # fmt: skip
PREPROCESSOR: dict[str, Value] = {
    "means": [[0.48, 0.45, 0.4], [0.5, 0.5, 0.5]],
    "stds": [[0.22, 0.22, 0.22], [0.5, 0.5, 0.5]],
    "input_sizes": [[3, 224, 224], [3, 224, 224]],
}


def write_openvla(folder: Path) -> Path:
    """A folder that loads."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    folder.mkdir(parents=True)
    model = empty_openvla(OpenVLASettings(config=CONFIG, preprocessor=PREPROCESSOR, towers=TOWERS))
    wanted = to_reference(layout(model), model.state_dict())
    tensors = {name: 0.1 * torch.randn(each.shape) for name, each in wanted.items()}
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    return folder
