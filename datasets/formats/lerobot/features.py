"""What the columns of a LeRobotDataset are called, and what is in them."""

from dataclasses import dataclass

from ....runtime.json_file import JsonObject
from .actions import JOINTS, POSITION, ROTATION, WIDTH, action_names
from .files import video_key
from .plan import LeRobotPlan
from .video import video_info

PERSISTENT, EVENTS = LANGUAGE = "language_persistent", "language_events"


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of one value or of several a frame."""

    dtype: str
    names: tuple[str, ...] = ()  # empty: it is one value without a name of its own

    @property
    def width(self) -> int:
        return len(self.names) or 1

    def to_json(self) -> JsonObject:
        return {"dtype": self.dtype, "shape": [self.width], "names": list(self.names) or None}


INDICES = {
    "timestamp": Feature("float32"),
    "frame_index": Feature("int64"),
    "episode_index": Feature("int64"),
    "index": Feature("int64"),
    "task_index": Feature("int64"),
}


def columns_of(plan: LeRobotPlan, has_subtasks: bool) -> dict[str, Feature]:
    """The columns that hold numbers, in their order."""
    gripper = (WIDTH,) if plan.has_gripper else ()
    actions = action_names(plan.options.actions, plan.has_gripper)
    columns = {
        "observation.state": Feature("float32", (*JOINTS, *gripper)),
        "observation.ee_pose": Feature("float32", (*POSITION, *ROTATION)),
        "action": Feature("float32", tuple(actions)),
        "decided_by": Feature("int64"),
    }
    if plan.sizes:
        columns["stale"] = Feature("bool", tuple(plan.sizes))
    if has_subtasks:
        columns["subtask_index"] = Feature("int64")
    return columns | INDICES


def features_json(plan: LeRobotPlan, has_subtasks: bool) -> JsonObject:
    """All features, as ``meta/info.json`` has them."""
    videos: JsonObject = {}
    for camera, (height, width) in plan.sizes.items():
        videos[video_key(camera)] = {
            "dtype": "video",
            "shape": [height, width, 3],
            "names": ["height", "width", "channels"],
            "info": video_info((height, width), plan.rate_hz),
        }
    columns = columns_of(plan, has_subtasks)
    numbers: JsonObject = {name: feature.to_json() for name, feature in columns.items()}
    texts: JsonObject = {}
    if plan.options.language_columns:
        texts = {name: {"dtype": "language", "shape": [1], "names": None} for name in LANGUAGE}
    return {**videos, **numbers, **texts}
