"""What came of a demo: a table for people, one line of JSON for programs."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from ...training.adapters.card import Comparison
from ...training.evaluation.results import Evaluation
from .plan import Plan


class Figures(BaseModel):
    """A finished demo in one line."""

    model_config = ConfigDict(frozen=True)

    episodes: int
    labeled_frames: int
    mean_iou: float
    finetune_s: float
    success_before: float
    success_after: float
    rollouts: int
    take_dir: str
    adapter_dir: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished demo."""

    plan: Plan
    before: Evaluation
    finetune_s: float
    adapter: str
    """Its id."""
    after: Evaluation

    @property
    def mean_iou(self) -> float:
        """Over all images in which the target is visible, whether they got a mask or not."""
        ious = [iou for accuracy in self.plan.labels.values() for iou in accuracy.ious]
        return sum(ious) / len(ious)

    @property
    def scores(self) -> Comparison:
        return Comparison(
            success_before=self.before.success,
            success_after=self.after.success,
            rollouts=self.plan.rollouts,
        )

    def figures(self) -> Figures:
        return Figures(
            episodes=len(self.plan.takes),
            labeled_frames=sum(a.labeled_frames for a in self.plan.labels.values()),
            mean_iou=round(self.mean_iou, 4),
            finetune_s=round(self.finetune_s, 1),
            success_before=self.before.success,
            success_after=self.after.success,
            rollouts=self.plan.rollouts,
            take_dir=str(self.plan.out / "takes"),
            adapter_dir=str(self.plan.out / "adapters" / self.adapter),
        )


def print_report(report: Report) -> None:
    figures = report.figures()
    table = Table("", "", show_header=False, title=f"Demo, seed {report.plan.seed}")
    table.add_row("takes of a task that the base never saw", f"{figures.episodes}")
    table.add_row("images with a mask", f"{figures.labeled_frames}")
    table.add_row("fit of the masks (mean IoU)", f"{figures.mean_iou:.3f}")
    table.add_row("fine-tuning", f"{figures.finetune_s:.0f} s")
    table.add_row("success on unseen layouts before", _success(report.before))
    table.add_row("success on unseen layouts after", _success(report.after))
    console = Console()
    console.print(table)
    console.print(f"Takes: {figures.take_dir}\nAdapter: {figures.adapter_dir}", soft_wrap=True)


def _success(tried: Evaluation) -> str:
    interval = f"95 %: {tried.low:.0%} to {tried.high:.0%}"
    return f"{tried.success:.0%} of {tried.rollouts} ({interval})"
