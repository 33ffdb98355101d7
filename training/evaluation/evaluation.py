"""Jobs that roll policies out in the simulator: one policy, or an adapter beside its base and the
replay of its takes."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ...jobs.folder import JobFolder
from ...jobs.metrics import MetricsRow
from ...simulation.robot_spec import PANDA_WITH_HAND
from ..adapters.card import Comparison
from ..adapters.registry import Adapter, get_adapter, record_evaluation
from ..data.preprocessing import GripperMismatch
from ..grounded.stages import REPLAY
from ..openvla.statistics import WhichRobot
from ..policies.registry import family_of
from .baseline import replay_of
from .config import CompareConfig, EvaluateConfig
from .layouts import SceneSet, robot_of, unseen_layouts
from .pace import Pace
from .results import Evaluation, Trial
from .rollout_pool import PolicySpec, run_trials

STAGE = "rolling out"


@dataclass(slots=True, kw_only=True)
class Rollouts:
    """Rollouts within a job: each is a line of the metrics, and none is repeated on resuming."""

    job: JobFolder
    scenes: SceneSet
    processes: int
    policies: int = 1  # that will be tried
    share: float = 1.0  # of the job that all of it takes, at its end
    _done: int = 0

    def of(self, spec: PolicySpec, policy: str = "") -> Evaluation:
        """Try one policy, under a name if there are several. Raises JobCancelled, WorkerDied, and
        what loading a policy raises."""
        trials = {trial.seed: trial for trial in _trials(self.job.metrics(), policy)}
        self._done += len(trials)
        self.job.update(stage=STAGE, message=f"loading the {policy or 'policy'}", eta_s=None)
        pace = Pace()
        left = [seed for seed in self.scenes.seeds if seed not in trials]
        # Several copies of a large model would not fit beside each other.
        processes = self.processes if family_of(spec.base).several else 1
        for trial in run_trials(spec, self.scenes, left, processes, self._look_up):
            trials[trial.seed] = trial
            self.job.append_metrics(**trial.model_dump(), policy=policy)
            self._tell(policy, sum(t.success for t in trials.values()), len(trials), pace)
        return Evaluation.of([trials[seed] for seed in self.scenes.seeds])

    def _look_up(self) -> None:
        self.job.raise_if_cancelled()

    def _tell(self, policy: str, successes: int, tried: int, pace: Pace) -> None:
        self._done += 1
        pace.tick()
        total = self.policies * self.scenes.count
        policies_left = self.policies - math.ceil(self._done / self.scenes.count)
        self.job.update(
            stage=STAGE,
            message=f"{policy + ': ' if policy else ''}{successes} of {tried} succeeded",
            progress=1 - self.share * (1 - self._done / total),
            eta_s=pace.left_s(total - self._done, policies_left),
        )


def evaluate(job: JobFolder, config: EvaluateConfig) -> Evaluation:
    """Count one policy's successes."""
    spec, robot = PolicySpec(base=config.base), PANDA_WITH_HAND
    if config.adapter:
        adapter = get_adapter(job.data, config.adapter)
        spec, robot = _policy_spec(adapter), robot_of(adapter.card.embodiment)
    scenes = SceneSet(
        verb=config.verb,
        split=config.split,
        first_seed=config.seed,
        count=config.rollouts,
        robot=robot,
    )
    return Rollouts(job=job, scenes=scenes, processes=config.processes).of(spec)


def compare(job: JobFolder, config: CompareConfig) -> Comparison:
    """Count an adapter's successes, its base's and those of a replay on the same layouts; the card
    keeps all."""
    adapter = get_adapter(job.data, config.adapter)
    return compare_with_base(job, adapter, config.rollouts, config.processes)


def compare_with_base(
    job: JobFolder, adapter: Adapter, count: int, processes: int = 2, share: float = 1.0
) -> Comparison:
    """Within a job, of which it is the last ``share``. Raises NotSimulated."""
    taught = [take.id for take in adapter.card.takes]
    scenes = unseen_layouts(job.data, taught, count)
    replay = replay_of(job, adapter)
    rollouts = Rollouts(
        job=job, scenes=scenes, processes=processes, policies=3 if replay else 2, share=share
    )
    after = rollouts.of(_policy_spec(adapter), "adapter")
    before = _of_base(rollouts, adapter.card.base)
    scores = Comparison(
        success_before=before,
        success_after=after.success,
        success_replay=rollouts.of(replay, REPLAY).success if replay else None,
        rollouts=scenes.count,
        verb=scenes.verb,
        split=scenes.split,
        first_seed=scenes.first_seed,
        created=time.time(),
    )
    record_evaluation(job.data, adapter.id, scores)
    job.update(message=_told(scores))
    return scores


def _told(scores: Comparison) -> str:
    before, replay = scores.success_before, scores.success_replay
    was = "" if before is None else f"{_percent(before)} → "
    beside = "" if replay is None else f", replay {_percent(replay)}"
    return f"{was}{_percent(scores.success_after)} of {scores.rollouts} layouts{beside}"


def _of_base(rollouts: Rollouts, base: str) -> float | None:
    """The base's own success; None where it cannot act on a robot like this."""
    try:
        return rollouts.of(PolicySpec(base=base), "base").success
    except (WhichRobot, GripperMismatch):
        return None


def _percent(success: float) -> str:
    return f"{100 * success:.0f} %"


def _policy_spec(adapter: Adapter) -> PolicySpec:
    return PolicySpec(base=adapter.card.base, adapter=adapter.path)


def _trials(rows: Sequence[MetricsRow], policy: str) -> list[Trial]:
    """Those of one policy that a job has noted."""
    own = (row for row in rows if "seed" in row and row.get("policy", "") == policy)
    return [Trial.model_validate(row) for row in own]
