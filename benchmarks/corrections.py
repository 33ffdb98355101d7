"""What five corrected roll-outs teach, beside twenty takes, and beside twenty-five.

    python benchmarks/corrections.py [--quick] [--seed 1] [--json] [--seeds 5] [--folder DIR]

For each seed twenty takes of a task that the base has never seen are recorded and learned from: of
*put behind*, which twenty takes do not teach in full (pushing they do, and nothing is left to
correct). That policy is then rolled out on further layouts; somebody who watches it takes over
where it goes wrong (at another object, about to put it down elsewhere, or stuck) and finishes the
task. Five such roll-outs are added to the twenty takes, and, for comparison, five plain takes; each
adapter is tried on the same layouts that nobody saw. Takes about forty minutes a seed on two cores.
With --folder, a run that was stopped goes on where it was.
"""

import sys
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from frame import Bar, Figures, run, say
from sittings.adapters import Learning
from sittings.correcting import Watched
from sittings.options import SittingOptions
from sittings.pooling import pooled
from sittings.recording import demonstrated, first_good, recorded

from teachloop.app.demo.plan import FIRST_UNSEEN, SEEDS_A_DEMO
from teachloop.simulation.language import NovelVerb
from teachloop.simulation.rollout import MAX_TICKS, Agent
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.views import USUAL
from teachloop.simulation.world import World
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.policies.interface import AgentFor
from teachloop.training.policies.registry import open_policy

TRIES = 3  # layouts for each take that is wanted
CORRECTED = 20_000  # layouts from here on are corrected on
ROLLOUTS_EACH = 20  # layouts for each corrected roll-out that is wanted
BETTER = 0.05
ARMS = ("few", "corrected", "plain")


@dataclass(frozen=True, kw_only=True)
class Asked(SittingOptions):
    """``seed`` is the first one."""

    seeds: int = 5
    """How many seeds, from ``seed`` on."""
    more: int = 5
    """Corrected roll-outs, or plain takes, that are added."""
    rollouts: int = 200
    """Unseen layouts to try each adapter on."""
    verb: NovelVerb = "put_behind"
    """What is to be learned."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One seed's takes, adapters and trials, below a folder."""

    data: Path
    seed: int
    asked: Asked

    @property
    def _first(self) -> int:
        return self.seed * SEEDS_A_DEMO

    def run(self) -> dict[str, float]:
        """Success of each of the three adapters."""
        asked = self.asked
        takes = self._plain(asked.episodes + asked.more)
        few = takes[: asked.episodes]
        preset = "tiny" if asked.quick else "quick"
        learning = Learning(self.data, asked.processes, preset, asked.verb)
        policy = learning.adapter("few", few)
        corrected = self._corrected(policy)
        say(f"seed {self.seed}: {len(takes)} takes, {len(corrected)} corrected roll-outs")
        arms = {
            "few": policy,
            "corrected": learning.adapter("corrected", few + corrected),
            "plain": learning.adapter("plain", takes),
        }
        first = self._first + FIRST_UNSEEN
        return {
            name: learning.success(name, adapter, first, asked.rollouts)
            for name, adapter in arms.items()
        }

    def _plain(self, wanted: int) -> tuple[str, ...]:
        layouts = self._layouts(0, TRIES * wanted)
        record = partial(demonstrated, USUAL, verb=self.asked.verb)
        return first_good(self.data, layouts, wanted, self.asked.processes, record)

    def _corrected(self, adapter: Path) -> tuple[str, ...]:
        """The first roll-outs that somebody had to correct, and that succeeded then."""
        wanted = self.asked.more
        layouts = self._layouts(CORRECTED, ROLLOUTS_EACH * wanted)
        record = partial(watch, adapter, self.asked.verb)
        return first_good(self.data, layouts, wanted, self.asked.processes, record)

    def _layouts(self, begin: int, count: int) -> range:
        return range(self._first + begin, self._first + begin + count)


def watch(adapter: Path, verb: NovelVerb, folder: Path, layout: int) -> bool:
    """Record a policy that somebody watches; whether it was corrected, and succeeded."""
    agents: list[Watched] = []

    def agent_for(scene: SceneSpec, world: World) -> Agent:
        policy = _policy(adapter)(scene.instruction)
        agents.append(Watched(scene, world, policy, layout))
        return agents[-1]

    mark = folder.with_suffix(".corrected")
    ticks = 2 * MAX_TICKS  # what the policy does, and then a person
    good = recorded(folder, layout, USUAL, agent_for, verb=verb, max_ticks=ticks)
    if agents and agents[-1].corrected:
        mark.touch()
    return good and mark.exists()


@cache
def _policy(adapter: Path) -> AgentFor:
    return open_policy(DEFAULT, adapter)


def measure(asked: Asked) -> Figures:
    """Each seed's success, and that of all together."""
    if asked.quick:
        asked = replace(asked, seeds=1, episodes=1, more=1, rollouts=1)
    return pooled(asked, ARMS, lambda folder, seed: Sitting(folder, seed, asked).run())


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Corrections help, and no less than plain takes; a quick run teaches nothing."""
    if asked.quick:
        return []
    success = figures["success"]
    return [
        Bar("gain by corrections", success["corrected"] - success["few"], least=BETTER),
        Bar("corrections less plain takes", success["corrected"] - success["plain"], least=0.0),
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
