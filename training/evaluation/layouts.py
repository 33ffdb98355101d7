"""Which layouts of the simulator a policy is tried on. Imports nothing heavy."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...datasets.embodiment import Embodiment
from ...datasets.takes.check import check, require_sound
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKES
from ...datasets.takes.trash import in_bin
from ...runtime.errors import TeachloopError
from ...simulation.robot_spec import PANDA_WITH_HAND, RobotSpec
from ...simulation.scenes import SceneSpec, Split
from ...simulation.tasks import Verb
from .config import UNSEEN


class NoScenes(TeachloopError):
    def __init__(self, count: int) -> None:
        super().__init__(f"{count} rollouts tell nothing. Try 1 or more.")


class NotSimulated(TeachloopError):
    def __init__(self) -> None:
        super().__init__(
            "All of these takes are of a real robot, whose scenes the simulator cannot set up "
            "again. Leave out the rollouts, and roll the adapter out on the robot instead."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSet:
    """Which scenes to try: the same for every policy that is compared. Raises NoScenes."""

    verb: Verb
    split: Split
    first_seed: int
    count: int
    robot: RobotSpec = PANDA_WITH_HAND

    def __post_init__(self) -> None:
        if self.count < 1:
            raise NoScenes(self.count)

    @property
    def seeds(self) -> range:
        return range(self.first_seed, self.first_seed + self.count)


def robot_of(mounted: Embodiment) -> RobotSpec:
    """The simulated robot with this at its arm."""
    return RobotSpec.of(mounted.arm, mounted.tool, hand=mounted.gripper is not None)


def unseen_layouts(data: Path, take_ids: Sequence[str], count: int) -> SceneSet:
    """SceneSet of the kind that most of some takes show, none of them one of theirs. Raises
    NotSimulated, TakeRefused."""
    scenes = _scenes(data, take_ids)
    if not scenes:
        raise NotSimulated
    kinds: Counter[tuple[Verb, Split]] = Counter((s.task.verb, s.split) for s in scenes)
    (verb, split), _ = kinds.most_common(1)[0]
    robot = scenes[0].robot
    first, shown = UNSEEN, {scene.seed for scene in scenes}
    while shown & set(range(first, first + count)):
        first += count
    return SceneSet(verb=verb, split=split, first_seed=first, count=count, robot=robot)


def _scenes(data: Path, take_ids: Sequence[str]) -> list[SceneSpec]:
    """Of the takes that are still there, and were simulated. Raises TakeRefused, unless one that
    is not sound is in the bin."""
    folders = [data / TAKES / take_id for take_id in take_ids]
    texts = []
    for folder in filter(Path.is_dir, folders):
        if in_bin(folder) and check(folder):
            continue
        require_sound(folder)
        with Take.open(folder) as take:
            texts.append(take.info.scene)
    return [SceneSpec.from_json(text) for text in texts if text]
