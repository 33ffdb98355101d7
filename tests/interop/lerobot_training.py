"""Trains ACT for some steps on our export by LeRobot's own training script, in the environment that
``python`` is of. Its vision starts from noise: the weights that it is used to are not here."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

STEPS = 20
LOSS = re.compile(r"\bloss:([0-9.]+)")
PROGRAM = "lerobot.scripts.lerobot_train"


@dataclass(frozen=True)
class Training:
    """What came of it."""

    losses: tuple[float, ...] = ()
    failed: str = ""

    @property
    def learns(self) -> bool:
        return len(self.losses) == STEPS and min(self.losses[-5:]) < self.losses[0]


def train(python: Path, root: Path, folder: Path) -> Training:
    """On the data set in ``root``; into ``folder``, which must not be there yet."""
    command = [
        *(str(python), "-m", PROGRAM, "--dataset.repo_id=local/exported"),
        *(f"--dataset.root={root}", "--dataset.video_backend=pyav"),
        *("--policy.type=act", "--policy.device=cpu", "--policy.push_to_hub=false"),
        *("--policy.pretrained_backbone_weights=null", "--policy.dim_model=64"),
        *("--policy.dim_feedforward=128", "--policy.n_heads=2", "--policy.chunk_size=16"),
        *("--policy.n_action_steps=16", f"--steps={STEPS}", "--log_freq=1", "--batch_size=2"),
        *("--num_workers=0", "--save_checkpoint=false", "--wandb.enable=false"),
        f"--output_dir={folder}",
    ]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        return Training(failed=(done.stderr or done.stdout)[-500:])
    return Training(tuple(float(each) for each in LOSS.findall(done.stdout + done.stderr)))
