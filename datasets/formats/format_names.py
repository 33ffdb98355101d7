"""The formats that masks and takes can be written in, for who chooses; nothing heavy is loaded for
it."""

from typing import Literal, TypeAlias

MaskFormat: TypeAlias = Literal["coco", "yolo", "png"]
TakeFormat: TypeAlias = Literal["lerobot", "robomimic", "rlds", "mcap"]
ImportFormat: TypeAlias = Literal["rlbench", "lerobot", "robomimic", "droid"]
"""Of episodes."""
SetFormat: TypeAlias = Literal["pictures", "rlbench", "lerobot", "robomimic", "droid"]
