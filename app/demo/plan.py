"""What a demo has done so far, so that one which was stopped can go on."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from ...runtime.errors import TeachloopError
from ...runtime.ids import Id
from ...runtime.json_file import StoredModel, read_model, write_model

SEEDS_A_DEMO = 100_000  # no two demos share a layout
FIRST_UNSEEN = 50_000  # layouts from here on are only evaluated on


class AnotherDemo(TeachloopError):
    def __init__(self, out: Path) -> None:
        super().__init__(f"{out} holds a demo with other settings. Give another --out.")


class NotEmpty(TeachloopError):
    def __init__(self, out: Path) -> None:
        super().__init__(f"{out} is not empty and holds no demo. Give another --out.")


class Accuracy(StoredModel):
    """How well one take's labels cover the truth."""

    labeled_frames: int
    """Images with a mask of the target."""
    ious: tuple[float, ...]
    """Of every image in which the target is visible."""


class Plan(BaseModel):
    """The settings of a demo and its results so far, in <out>/demo.json."""

    out: Path
    episodes: int
    rollouts: int
    seed: int
    base: str
    preset: str = "quick"
    takes: dict[Annotated[int, Field(strict=False)], Id] = Field(default_factory=dict)
    """By layout."""
    labels: dict[Id, Accuracy] = Field(default_factory=dict)
    """By take."""
    jobs: dict[str, Id] = Field(default_factory=dict)
    """By name: before, finetune, after."""

    @property
    def first_seed(self) -> int:
        """Of the layouts to record."""
        return self.seed * SEEDS_A_DEMO

    @property
    def first_unseen(self) -> int:
        """Of the layouts to evaluate on."""
        return self.first_seed + FIRST_UNSEEN

    def save(self) -> None:
        write_model(self.out / "demo.json", self)

    def same_settings(self, other: "Plan") -> bool:
        """Whether both would come to the same."""
        names = ("episodes", "rollouts", "seed", "base", "preset")
        return all(getattr(self, name) == getattr(other, name) for name in names)


def open_plan(new: Plan) -> Plan:
    """The new plan, saved, or the one that lies in its folder. Raises AnotherDemo, NotEmpty."""
    if (new.out / "demo.json").exists():
        return _continued(new)
    if new.out.exists() and any(new.out.iterdir()):
        raise NotEmpty(new.out)
    new.out.mkdir(parents=True, exist_ok=True)
    new.save()
    return new


def _continued(new: Plan) -> Plan:
    found = read_model(new.out / "demo.json", Plan)
    if not found.same_settings(new):
        raise AnotherDemo(new.out)
    # The folder may have been moved.
    return new.model_copy(update={"takes": found.takes, "labels": found.labels, "jobs": found.jobs})
