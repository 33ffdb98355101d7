"""Takes of the simulated arm without a station: an agent acts in a world, and all of it is written
down tick by tick."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import torch

from teachloop.app.demo.annotator import label_as_a_person
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.runtime.json_file import read_json, write_json
from teachloop.runtime.processes.pool import WorkerPool
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.language import Verb
from teachloop.simulation.rollout import MAX_TICKS, Agent, Outcome, rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.world import World

from .writing import take_info, write_tick

VERB: Verb = "push"  # which, like others of this split, the base has never seen
SPLIT = "novel"


def first_good(
    data: Path, layouts: Iterable[int], wanted: int, processes: int, record: Callable[..., bool]
) -> tuple[str, ...]:
    """Ids of the first takes, in the order of their layouts, that ``record`` finds good; it gets a
    take's folder and its layout."""
    kept: list[str] = []
    waiting = iter(layouts)
    with WorkerPool(processes, "recording takes") as pool:
        while len(kept) < wanted and (chosen := list(islice(waiting, processes))):
            folders = [data / "takes" / f"{each:08d}" for each in chosen]
            begun = [pool.submit(record, *each) for each in zip(folders, chosen, strict=True)]
            good = [pool.result(each) for each in begun]
            kept += [folder.name for folder, well in zip(folders, good, strict=True) if well]
    return tuple(kept[:wanted])


def demonstrated(cameras: Sequence[str], folder: Path, layout: int, *, verb: Verb = VERB) -> bool:
    """Record the expert on a layout, unless that was done, and label it; whether it succeeded."""

    def expert(scene: SceneSpec, world: World) -> Agent:
        return ScriptedExpert(scene, world.object_poses, layout)

    return recorded(folder, layout, cameras, expert, verb=verb)


def recorded(
    folder: Path,
    layout: int,
    cameras: Sequence[str],
    agent_for: Callable[[SceneSpec, World], Agent],
    *,
    verb: Verb = VERB,
    max_ticks: int = MAX_TICKS,
) -> bool:
    """Record an agent on a layout, unless that was done; label it where it succeeded, and say
    whether it did."""
    torch.set_num_threads(1)
    told = folder.with_suffix(".json")
    if not told.exists():
        scene = sample_scene(layout, verb=verb, split=SPLIT)
        success = _record(folder, scene, cameras, agent_for, max_ticks).success
        ious = label_as_a_person(folder, layout).ious if success else ()
        write_json(told, {"success": success, "ious": list(ious)})
    return bool(read_json(told)["success"])


def _record(
    folder: Path,
    scene: SceneSpec,
    cameras: Sequence[str],
    agent_for: Callable[[SceneSpec, World], Agent],
    max_ticks: int,
) -> Outcome:
    with (
        World(scene, cameras) as world,
        TakeWriter(folder, take_info(folder, scene, world.cameras())) as writer,
    ):
        agent = agent_for(scene, world)
        return rollout(
            world,
            agent,
            max_ticks,
            on_tick=lambda seen, did: write_tick(writer, world.ticks, seen, did, world.qpos),
        )
