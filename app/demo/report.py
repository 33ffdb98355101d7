"""What came of a demo: a table for people, one line of JSON for programs."""

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from ...jobs.folder import JobStatus
from .plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished demo."""

    plan: Plan
    before: JobStatus
    tuned: JobStatus
    after: JobStatus

    @property
    def mean_iou(self) -> float:
        """Over all images in which the target is visible, whether they got a mask or not."""
        ious = [iou for accuracy in self.plan.labels.values() for iou in accuracy.ious]
        return sum(ious) / len(ious)

    def to_dict(self) -> dict[str, Any]:
        return {
            "episodes": len(self.plan.takes),
            "labeled_frames": sum(a.labeled_frames for a in self.plan.labels.values()),
            "mean_iou": round(self.mean_iou, 4),
            "finetune_s": round(worked_s(self.tuned), 1),
            "success_before": self.before.result["success"],
            "success_after": self.after.result["success"],
            "rollouts": self.plan.rollouts,
            "take_dir": str(self.plan.out / "takes"),
            "adapter_dir": str(self.plan.out / "adapters" / self.tuned.result["adapter"]),
        }


def worked_s(status: JobStatus) -> float:
    """Seconds that an ended job worked, without waiting for its turn."""
    return (status.updated or 0.0) - (status.started or 0.0)


def print_report(report: Report) -> None:
    values = report.to_dict()
    table = Table("", "", show_header=False, title=f"Demo, seed {report.plan.seed}")
    table.add_row("takes of a task that the base never saw", f"{values['episodes']}")
    table.add_row("images with a mask", f"{values['labeled_frames']}")
    table.add_row("fit of the masks (mean IoU)", f"{values['mean_iou']:.3f}")
    table.add_row("fine-tuning", f"{values['finetune_s']:.0f} s")
    table.add_row("success on unseen layouts before", _success(report.before))
    table.add_row("success on unseen layouts after", _success(report.after))
    console = Console()
    console.print(table)
    console.print(f"Takes: {values['take_dir']}\nAdapter: {values['adapter_dir']}", soft_wrap=True)


def _success(status: JobStatus) -> str:
    r = status.result
    interval = f"95 %: {r['low']:.0%} to {r['high']:.0%}"
    return f"{r['success']:.0%} of {r['rollouts']} ({interval})"
