"""What is exported as RLDS for others to open, and what was recorded at each step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numbered_takes import NumberedTake

from teachloop.datasets.formats.rlds.export import SHARD_BYTES
from teachloop.datasets.formats.rlds.options import RldsOptions

TAKES = {
    "one": {"ticks": 60, "dropped": {"front": {7, 8, 30}, "wrist": {59}}, "missed": {20, 21}},
    "two": {"ticks": 45, "seed": 1},
    "three": {"ticks": 133, "seed": 2, "dropped": {"wrist": set(range(50, 60))}},
}
SPLITS = {"train": ("one", "two"), "val": ("three",)}
OTHER_WORDS = ("take it", "nimm ihn", "赤い")
SPAN = ("reach", 5, 20)  # of "one"
MASKED = 4  # the tick of "one" at which the camera at the hand has a mask


@dataclass(frozen=True, kw_only=True)
class Case:
    """One export."""

    options: RldsOptions = field(default_factory=RldsOptions)
    shard_bytes: int = SHARD_BYTES
    takes: Mapping[str, Any] = field(default_factory=dict)  # how all of them differ
    cameras: Mapping[str, str] = field(
        default_factory=lambda: {"front": "image", "wrist": "wrist_image"}
    )
    size: tuple[int, int] = (72, 96)
    shards: int = 1  # of training
    every: int = 1  # of the recorded ticks

    def take(self, name: str) -> NumberedTake:
        return NumberedTake(at_the_hand=("wrist",), **{**TAKES[name], **self.takes})

    def ticks(self, name: str) -> list[int]:
        """The recorded one of each step."""
        return list(range(0, self.take(name).ticks, self.every))

    def applied(self, name: str) -> list[int]:
        """… of each step, whose action was in force."""
        return [newest(self.take(name).missed, tick) for tick in self.ticks(name)]


CASES = {
    "as it comes": Case(),
    "the wrist at another size and half the rate, each take in a file of its own": Case(
        options=RldsOptions(name="cubes_2", rate_hz=10, cameras=("wrist",), size=(224, 224)),
        shard_bytes=1,
        cameras={"wrist": "wrist_image"},
        size=(224, 224),
        shards=2,
        every=2,
    ),
    "without a gripper": Case(takes={"gripper": None}),
}


def newest(lost: set[int], tick: int) -> int:
    """The last one that was not lost."""
    return next(number for number in range(tick, -1, -1) if number not in lost)
