"""Trains ACT for some steps on our export by LeRobot's own training script, in the environment that
``python`` is of."""

import os
import re
import subprocess
from pathlib import Path

STEPS = 20
LOSS = re.compile(r"\bloss:([0-9.]+)")
PROGRAM = "lerobot.scripts.lerobot_train"


def trained(python: Path, root: Path, folder: Path, decoder: str) -> tuple[float, str]:
    """The loss of the last of the steps, and an empty text; or why there is none."""
    command = [
        *(str(python), "-m", PROGRAM, "--dataset.repo_id=local/exported"),
        *(f"--dataset.root={root}", f"--dataset.video_backend={decoder}"),
        *("--policy.type=act", "--policy.device=cpu", "--policy.push_to_hub=false"),
        *("--policy.pretrained_backbone_weights=null", "--policy.dim_model=64"),
        *("--policy.dim_feedforward=128", "--policy.n_heads=2", "--policy.chunk_size=16"),
        *("--policy.n_action_steps=16", f"--steps={STEPS}", "--log_freq=1", "--batch_size=2"),
        *("--num_workers=0", "--eval_freq=0", "--save_checkpoint=false", "--wandb.enable=false"),
        f"--output_dir={folder}",
    ]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    losses = [float(each) for each in LOSS.findall(done.stdout + done.stderr)]
    if done.returncode or len(losses) < STEPS:
        return 0.0, f"ACT does not train on it: {(done.stderr or done.stdout)[-500:]}"
    return losses[-1], ""
