"""What all episodes of an RLDS data set have in common. Imports nothing heavy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ....geometry.camera import Mount
from ....runtime.json_file import JsonObject
from ..episodes.plan import Plan
from ..episodes.plan import plan_of as common_plan
from .options import RldsOptions

FIXED, AT_THE_HAND = "image", "wrist_image"


@dataclass(frozen=True, slots=True, kw_only=True)
class RldsPlan(Plan):
    """What all episodes have in common."""

    options: RldsOptions
    image_keys: Mapping[str, str]  # by camera: what its pictures are called

    def to_json(self) -> JsonObject:
        """All that what is written of a take depends on, which the name of the data set is not."""
        options: JsonObject = self.options.model_dump(mode="json", exclude={"name"})
        keys: JsonObject = dict(self.image_keys)
        return {**Plan.to_json(self), "options": options, "image_keys": keys}


def plan_of(data: Path, take_ids: Sequence[str], options: RldsOptions) -> RldsPlan:
    """Raises CannotExport, TakeRefused of one in the bin, and what opening a take raises."""
    plan = common_plan(data, take_ids, options)
    return RldsPlan(
        options=options,
        rate_hz=plan.rate_hz,
        sizes=plan.sizes,
        mounts=plan.mounts,
        embodiment=plan.embodiment,
        image_keys=image_keys(plan.mounts),
    )


def image_keys(mounts: Mapping[str, Mount]) -> dict[str, str]:
    """What each camera's pictures are called: those of the first fixed one ``image``, of the first
    at the hand ``wrist_image``, of any other ``image_`` and the camera's name."""
    keys: dict[str, str] = {}
    for camera, mount in mounts.items():
        key = AT_THE_HAND if mount == "end_effector" else FIXED
        keys[camera] = f"{FIXED}_{camera}" if key in keys.values() else key
    return keys
