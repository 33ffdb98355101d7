"""What a demo has done so far, so that one which was stopped can go on."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...jobs.folder import JobFolder
from ...runtime.errors import TeachloopError
from ...runtime.ids import BadName, checked_id
from ...runtime.json_file import BrokenJson, read_json, require_kinds, write_json

SEEDS_A_DEMO = 100_000  # no two demos share a layout
FIRST_UNSEEN = 50_000  # layouts from here on are only evaluated on


class AnotherDemo(TeachloopError):
    def __init__(self, out: Path) -> None:
        super().__init__(f"{out} holds a demo with other settings. Give another --out.")


class NotEmpty(TeachloopError):
    def __init__(self, out: Path) -> None:
        super().__init__(f"{out} is not empty and holds no demo. Give another --out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How well one take's labels cover the truth."""

    labeled_frames: int  # images with a mask of the target
    ious: tuple[float, ...]  # of every image in which the target is visible


@dataclass(slots=True, kw_only=True)
class Plan:
    """The settings of a demo and its results so far, in <out>/demo.json."""

    out: Path
    episodes: int
    rollouts: int
    seed: int
    base: str
    preset: str = "quick"
    takes: dict[int, str] = field(default_factory=dict)  # layout -> take id
    labels: dict[str, Accuracy] = field(default_factory=dict)  # take id -> accuracy
    jobs: dict[str, str] = field(default_factory=dict)  # before, finetune, after -> job id

    @property
    def first_seed(self) -> int:
        """Of the layouts to record."""
        return self.seed * SEEDS_A_DEMO

    @property
    def first_unseen(self) -> int:
        """Of the layouts to evaluate on."""
        return self.first_seed + FIRST_UNSEEN

    def save(self) -> None:
        write_json(self.out / "demo.json", asdict(self) | {"out": str(self.out)})

    def job(self, name: str) -> JobFolder | None:
        """The job of that name, once it was submitted."""
        job_id = self.jobs.get(name)
        return JobFolder(self.out / "jobs" / job_id) if job_id else None


SETTINGS = ("episodes", "rollouts", "seed", "base", "preset")  # what makes two demos the same


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
    path = new.out / "demo.json"
    found = read_json(path)
    require_kinds(path, found, takes=dict, labels=dict, jobs=dict)
    if any(found.get(name) != getattr(new, name) for name in SETTINGS):
        raise AnotherDemo(new.out)
    try:
        new.takes = {int(layout): str(take) for layout, take in found["takes"].items()}
        new.labels = {take: _accuracy(kept) for take, kept in found["labels"].items()}
        new.jobs = {name: checked_id(job) for name, job in found["jobs"].items()}
    except (KeyError, TypeError, ValueError, BadName) as error:
        raise BrokenJson(path, f"it is no demo's plan, {error!r}") from error
    return new


def _accuracy(kept: dict[str, Any]) -> Accuracy:
    return Accuracy(labeled_frames=int(kept["labeled_frames"]), ious=tuple(kept["ious"]))
