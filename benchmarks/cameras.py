"""Whether one camera, or three, teach as well as two: the demo's task on the same takes.

    python benchmarks/cameras.py [--quick] [--seed 1] [--json] [--seeds 3] [--folder DIR]

For each seed the demo's takes are recorded once, through three cameras, and labelled as the demo
labels them; of these, adapters learn with one, two and three of the cameras, and each is tried on
the same layouts that nobody saw. Takes about nine minutes a seed on two cores. With --folder, a
run that was stopped goes on where it was.
"""

import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from frame import Bar, Figures, Options, run, say

from teachloop.app.demo.annotator import label_as_a_person
from teachloop.app.demo.plan import FIRST_UNSEEN, SEEDS_A_DEMO
from teachloop.datasets.steps import Action, Observation
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.jobs.folder import JobFolder
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.runtime.json_file import read_json, write_json
from teachloop.runtime.processes.pool import WorkerPool
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.evaluation.layouts import SceneSet
from teachloop.training.evaluation.rollout_pool import PolicySpec, run_trials
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.policies.base_names import DEFAULT

CAMERAS = ("front", "wrist", "side")
SETS = {"one": CAMERAS[:1], "two": CAMERAS[:2], "three": CAMERAS}
TRIES = 3  # layouts for each take that is wanted
TICK_NS = 50_000_000
START_NS = 1_000_000_000
WITHIN = 0.1  # of two cameras' success


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    """``seed`` is the first one."""

    seeds: int = 3
    """How many seeds, from ``seed`` on."""
    episodes: int = 20
    """Takes to record for each seed."""
    rollouts: int = 50
    """Unseen layouts to try each adapter on."""
    processes: int = 2
    """Takes that are recorded, and layouts that are tried, at the same time."""
    folder: Path | None = None
    """Where takes and adapters stay; a run of the same settings goes on with them."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One seed's takes, adapters and trials, below a folder."""

    data: Path
    seed: int
    asked: Asked

    def run(self) -> dict[str, float]:
        """Success with each set of cameras."""
        takes = self._takes()
        return {name: self._success(name, takes) for name in SETS}

    def _takes(self) -> tuple[str, ...]:
        """The first takes of the seed in which the expert succeeds."""
        first, kept, at_once = self.seed * SEEDS_A_DEMO, [], self.asked.processes
        with WorkerPool(at_once, "recording takes") as pool:
            for layout in range(first, first + TRIES * self.asked.episodes, at_once):
                layouts = range(layout, layout + at_once)
                folders = [self.data / "takes" / f"{each:08d}" for each in layouts]
                begun = [
                    pool.submit(demonstrated, *each) for each in zip(folders, layouts, strict=True)
                ]
                told = map(pool.result, begun)
                kept += [folder.name for folder, good in zip(folders, told, strict=True) if good]
                if len(kept) >= self.asked.episodes:
                    break
        say(f"seed {self.seed}: {len(kept)} takes")
        return tuple(kept[: self.asked.episodes])

    def _success(self, name: str, takes: tuple[str, ...]) -> float:
        layouts = SceneSet(
            verb="push",
            split="novel",
            first_seed=self.seed * SEEDS_A_DEMO + FIRST_UNSEEN,
            count=self.asked.rollouts,
        )
        policy = PolicySpec(base=DEFAULT, adapter=self._adapter(name, takes))
        path = self.data / f"{name}.json"
        tried = read_json(path) if path.exists() else {}
        left = [seed for seed in layouts.seeds if str(seed) not in tried]
        for trial in run_trials(policy, layouts, left, self.asked.processes):
            tried[str(trial.seed)] = trial.success
            write_json(path, tried)
        say(f"seed {self.seed}, {name}: {sum(tried.values())} of {len(tried)}")
        return sum(tried.values()) / len(tried)

    def _adapter(self, name: str, takes: tuple[str, ...]) -> Path:
        path = self.data / f"{name}.adapter.json"
        if path.exists():
            return Path(read_json(path)["folder"])
        config = FinetuneConfig(
            takes=takes,
            base=DEFAULT,
            preset="tiny" if self.asked.quick else "quick",
            cameras=SETS[name],
            name=name,
            threads=self.asked.processes,
        )
        job = JobFolder(self.data / "jobs" / name)
        job.path.mkdir(parents=True, exist_ok=True)
        folder = finetune(config, job)
        write_json(path, {"folder": str(folder)})
        return folder


def demonstrated(folder: Path, layout: int) -> bool:
    """Record the expert on a layout, unless that was done, and label it; whether it succeeded."""
    torch.set_num_threads(1)
    told = folder.with_suffix(".json")
    if not told.exists():
        success = _record(folder, layout)
        ious = label_as_a_person(folder, layout).ious if success else ()
        write_json(told, {"success": success, "ious": list(ious)})
    return bool(read_json(told)["success"])


def _record(folder: Path, layout: int) -> bool:
    scene = sample_scene(layout, verb="push", split="novel")  # the base has never seen a push
    with World(scene, CAMERAS) as world:
        info = TakeInfo(
            take_id=folder.name,
            created="2026-01-01T00:00:00+00:00",
            created_time_ns=START_NS,
            task=scene.task.verb,
            instruction=scene.instruction,
            robot="simulated",
            cameras=world.cameras(),
            scene=scene.to_json(),
        )
        with TakeWriter(folder, info) as writer:
            expert = ScriptedExpert(scene, world.object_poses, layout)
            outcome = rollout(
                world, expert, on_tick=lambda seen, action: _write(writer, world, seen, action)
            )
    return outcome.success


def _write(writer: TakeWriter, world: World, seen: Observation, action: Action) -> None:
    number = world.ticks
    time_ns = START_NS + number * TICK_NS
    state = RobotState(
        time_ns=time_ns,
        device_time_ns=time_ns,
        joint_positions_rad=seen.joint_positions_rad,
        joint_velocities_rad_s=seen.joint_velocities_rad_s,
        ee_pose=seen.ee_pose,
        gripper_width_m=seen.gripper_width_m,
    )
    writer.append_robot(state)
    writer.append_action(time_ns, action, action)
    writer.append_simulation(number, time_ns, world.qpos)
    for name, image in seen.images.items():
        writer.append_frame(name, number, time_ns, time_ns, encode_jpeg(image))


def measure(asked: Asked) -> Figures:
    """Each seed's success, and that of all together."""
    if asked.quick:
        asked = replace(asked, seeds=1, episodes=2, rollouts=2)
    with tempfile.TemporaryDirectory() as place:
        folder = asked.folder or Path(place)
        seeds = range(asked.seed, asked.seed + asked.seeds)
        each = {str(n): Sitting(folder / f"seed-{n}", n, asked).run() for n in seeds}
    pooled = {name: sum(row[name] for row in each.values()) / len(each) for name in SETS}
    layouts = asked.rollouts * asked.seeds
    return {"cameras": SETS, "success": pooled, "layouts_each": layouts, "seeds": each}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """One and three are within ten points of two; a quick run teaches nothing."""
    if asked.quick:
        return []
    success = figures["success"]
    return [
        Bar(f"{name} cameras' success less two's", success[name] - success["two"], -WITHIN, WITHIN)
        for name in ("one", "three")
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
