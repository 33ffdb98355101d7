"""Whether a fine-tuning worked, seen on recorded ticks: nothing is rolled out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...jobs.folder import JobFolder
from ..adapters.offline import OfflineEvaluation, OfflineMetrics
from ..data.held_out import mixed
from ..data.samples import Samples, evenly
from .offline_scores import ActScores, LookScores, act_scores, dark_cells, look, predict
from .open_loop_plot import draw
from .policy import GroundedPolicy
from .stages import Stage

BASE = "base"  # the stage before all others
PICTURE = "open_loop.jpg"
TICKS = 64  # in all, at most
SHARE = 0.1  # of the training's own time
FEWEST = 4  # of each take
LEARNED = 8  # takes at most, where none was kept out


@dataclass(frozen=True, slots=True)
class OfflineSet:
    """Ticks of some takes, on which base and adapter are measured."""

    takes: Mapping[str, Samples]
    """By their ids."""
    held_out: bool
    """Whether these takes were kept out of training."""
    names: tuple[str, ...]
    """Of the objects of all takes."""

    @classmethod
    def choose(
        cls, takes: Mapping[str, Samples], kept_out: Sequence[str], most: int = TICKS
    ) -> "OfflineSet":
        """Of those that were kept out; where none were, of some that are learned from. About
        ``most`` ticks in all."""
        chosen = kept_out or mixed([*takes])[:LEARNED]
        ticks = max(FEWEST, most // len(chosen))
        episodes = [run for samples in takes.values() for run in samples.episodes]
        return cls(
            takes={take_id: evenly(takes[take_id], ticks) for take_id in chosen},
            held_out=bool(kept_out),
            names=tuple(sorted({name for run in episodes for name in run.objects})),
        )

    @property
    def kept_out(self) -> tuple[str, ...]:
        """Ids of the takes that were kept out of training."""
        return tuple(self.takes) if self.held_out else ()

    def measure(self, policy: GroundedPolicy) -> tuple[OfflineMetrics, dict[str, Tensor]]:
        """Also the offsets (n, chunk, 6) that it would go at the ticks of each take. Leaves the
        policy in the mode that it was in, and draws no random number."""
        was_training = policy.training
        policy.eval()
        looked, acted, predicted = [], [], {}
        dark = dark_cells(policy)
        for take_id, samples in self.takes.items():
            features, scores = look(policy, samples, self.names, dark)
            predicted[take_id] = predict(policy, samples, features)
            looked.append(scores)
            acted.append(act_scores(samples, predicted[take_id]))
        policy.train(was_training)
        return OfflineMetrics(**_means(looked), **_means(acted)), predicted

    def report(
        self, policy: GroundedPolicy, job: JobFolder, stage: str, *, acts: bool = True
    ) -> OfflineMetrics:
        """Measure after a stage, as figures and a picture of the job. ``acts``: False for one whose
        reader has yet to learn, of which nothing is said about where it goes."""
        metrics, predicted = self.measure(policy)
        if not acts:
            metrics = metrics.model_copy(update={"action_error_mm": None})
        about = {"held_out": self.held_out, "takes": len(self.takes), "names": len(self.names)}
        job.append_metrics(stage=stage, **about, **metrics.model_dump())
        if acts:
            draw(self.takes, predicted, job.path / PICTURE)
        return metrics

    def evaluation(self, before: OfflineMetrics, after: OfflineMetrics) -> OfflineEvaluation:
        """For an adapter's card."""
        return OfflineEvaluation(
            held_out=self.held_out,
            takes=tuple(self.takes),
            ticks=sum(map(len, self.takes.values())),
            names=len(self.names),
            before=before,
            after=after,
        )


def affordable(stages: Sequence[Stage], views: int, samples: Samples) -> int:
    """So many ticks that measuring them before all stages and after each takes less than SHARE of
    the training.

    Counted in images that are encoded, each time a black one among them: a step on frames takes
    twice as long for each as a look.
    """
    count, cameras = samples.images.shape[:2]
    work = sum(
        2 * stage.steps * stage.batch if stage.data == "frames" else views * count * cameras
        for stage in stages
    )
    images = SHARE * work / (len(stages) + 1) - 1
    return min(TICKS, int(images / cameras))


def _means(scores: Sequence[LookScores | ActScores]) -> dict[str, float | None]:
    """By name."""
    return {
        name: _mean(torch.cat([getattr(each, name).flatten() for each in scores]))
        for name in scores[0]._fields
    }


def _mean(values: Tensor) -> float | None:
    """None of none, or where a policy went astray beyond all numbers."""
    mean = float(values.mean()) if len(values) else float("nan")
    return mean if math.isfinite(mean) else None
