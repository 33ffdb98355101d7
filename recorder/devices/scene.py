"""What simulated devices say about their scene: how it was set up, and how it stands."""

from ...datasets.steps import Pose
from ...runtime.validation import StrictModel
from ...simulation.scenes import SceneSpec
from .pose_bytes import PackedPose, pose_of


class SceneSummary(StrictModel):
    """A scene in a few words, for pages."""

    seed: int
    verb: str
    split: str
    instruction: str
    objects: list[str]


class SceneDescription(SceneSummary):
    """A scene as it was set up."""

    json_text: str  # all it takes to build it again

    @classmethod
    def of(cls, scene: SceneSpec) -> "SceneDescription":
        return cls(
            seed=scene.seed,
            verb=scene.task.verb,
            split=scene.split,
            instruction=scene.instruction,
            objects=[item.name for item in scene.objects],
            json_text=scene.to_json(),
        )

    @property
    def summary(self) -> SceneSummary:
        return SceneSummary(**self.model_dump(exclude={"json_text"}))


class SceneTruth(StrictModel):
    """What only the simulator knows, at one state of its scene."""

    number: int  # counts the states, also across scenes
    success: bool
    missing: str  # to success, in words
    objects: dict[str, PackedPose]
    qpos: bytes  # float64, all of the simulator's state

    def object_poses(self) -> dict[str, Pose]:
        """The true pose (4, 4) of each object."""
        return {name: pose_of(pose) for name, pose in self.objects.items()}
