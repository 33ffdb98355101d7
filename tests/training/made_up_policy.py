"""A family of policies that nobody ships: a folder with a file `still.txt` is a base, which holds
still for as many millimetres above the hand as the file says; an adapter says another number."""

from pathlib import Path

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.jobs.folder import JobFolder
from teachloop.training.adapters.card import AdapterCard, write_card
from teachloop.training.adapters.registry import finished_path, new_adapter
from teachloop.training.data.preprocessing import require_cameras
from teachloop.training.policies.chunk_agent import ChunkAgent
from teachloop.training.policies.interface import (
    LoadedPolicy,
    Plan,
    PolicyFamily,
    TrainingConfig,
)

HEIGHT = "still.txt"


class StillConfig(TrainingConfig):
    """How high to be."""

    height_mm: int = 5


class StillAgent(ChunkAgent):
    """Always wants to be somewhat higher than it is, and to see that from the side."""

    def __init__(self, height_m: float) -> None:
        super().__init__(execute=4, cameras=["side"])
        self.height_m = height_m

    def chunk(self, observation: Observation) -> list[Action]:
        require_cameras(self.cameras, observation.images)
        pose = observation.ee_pose.copy()
        pose[2, 3] += self.height_m
        return [Action(ee_pose=pose, gripper=1.0, decided_by=Decider.POLICY)] * 4


class Still(PolicyFamily[StillConfig]):
    """The whole family."""

    name = "still"
    plan = Plan(trains="one number", disk="3 bytes", presets={"quick": ("1 step", "no time")})
    needs_masks = False
    config = StillConfig

    def knows(self, base: str) -> bool:
        return (Path(base) / HEIGHT).is_file()

    def open(self, base: str, adapter: Path | None, bits: int) -> LoadedPolicy:
        height_m = int(((adapter or Path(base)) / HEIGHT).read_text()) / 1000
        return LoadedPolicy(lambda instruction: StillAgent(height_m), rate_hz=20.0)

    def finetune(self, config: StillConfig, job: JobFolder) -> Path:
        card = AdapterCard(
            name=config.name or "still", base=config.base, base_sha256="", takes=(), statistics={}
        )
        with new_adapter(job.data) as folder:
            (folder / HEIGHT).write_text(str(config.height_mm))
            write_card(folder, card)
            return finished_path(folder)


FAMILY = Still()
