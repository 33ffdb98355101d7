"""Episodes of the scripted expert in the simulator, as training samples.

Only the base split is ever drawn here: what the shipped base may see is fixed in
``simulation.tasks``.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Observation
from ...runtime.atomic_file import replacing
from ...runtime.processes.pool import WorkerPool
from ...simulation.expert import ScriptedExpert
from ...simulation.tasks import SceneSpec, phrasings, sample_scene
from ...simulation.world import World
from . import preprocessing
from .blocks import block_name, blocks
from .samples import ARRAYS, GRIPPERS, Episode, Samples, Sampling, chunk_offsets, join

MAX_TICKS = 220
BLOCK = 25  # episodes in one file, at most


def script_episode(seed: int, sampling: Sampling) -> Samples | None:
    """One scripted run, looked at about every ``stride`` ticks; None if the expert failed."""
    stride = sampling.stride
    scene = sample_scene(seed, split="base")
    rng = np.random.default_rng([seed, 7])
    seen: list[Observation] = []
    actions: list[Action] = []
    looks: dict[int, tuple[NDArray, NDArray]] = {}
    with World(scene, sampling.cameras) as world:
        expert = ScriptedExpert(scene, world.object_poses, seed)
        expert.reset()
        looking = 0
        while not expert.done and len(actions) < MAX_TICKS:
            look = len(actions) == looking
            observation = world.observe(images=look)
            if look:
                looks[looking] = _look(world, observation, scene, sampling)
                looking += int(rng.integers(max(1, stride - 3), stride + 4))
            seen.append(observation)
            actions.append(expert.act(observation))
            world.apply(actions[-1])
        if not world.success():
            return None
    return _samples(scene, seen, actions, looks, sampling)


def _look(
    world: World, observation: Observation, scene: SceneSpec, sampling: Sampling
) -> tuple[NDArray, NDArray]:
    size, maps = sampling.image_size, []
    for name in sampling.cameras:
        image = observation.images[name]
        masks = world.instance_masks(name, image.shape[1], image.shape[0])
        each = [masks[thing.name] for thing in scene.objects]
        maps.append(_object_map(each, size))
    images = preprocessing.shrink_all(observation.images, size, sampling.cameras)
    return images, np.stack(maps)


def _object_map(masks: list[NDArray[np.bool_]], size: int) -> NDArray[np.uint8]:
    step = masks[0].shape[0] // size
    result = np.zeros((size, size), np.uint8)
    for number, mask in enumerate(masks, start=1):
        share = mask.reshape(size, step, size, step).mean((1, 3))
        result[share > 0.5] = number
    return result


def _samples(
    scene: SceneSpec,
    seen: list[Observation],
    actions: list[Action],
    looks: dict[int, tuple[NDArray, NDArray]],
    sampling: Sampling,
) -> Samples:
    ticks = np.array(sorted(looks))
    poses = np.stack([o.ee_pose for o in seen])
    targets = np.stack([a.ee_pose for a in actions])
    grippers = np.array([a.gripper for a in actions])
    offsets, closing = chunk_offsets(poses, targets, grippers, ticks, sampling.chunk)
    views = [preprocessing.rays(seen[t].cameras, poses[t], sampling.cameras) for t in ticks]
    openings = np.array([preprocessing.opening_of(seen[t]) for t in ticks])
    return Samples(
        images=np.stack([looks[t][0] for t in ticks]),
        masks=np.stack([looks[t][1] for t in ticks]),
        proprioception=preprocessing.proprioception(poses[ticks], openings),
        origin=np.stack([view[0] for view in views]),
        direction=np.stack([view[1] for view in views]),
        offsets=offsets,
        grippers=closing,
        episode=np.zeros(len(ticks), np.int64),
        start=np.zeros(len(ticks), np.int64),
        weight=np.ones(len(ticks), np.int64),
        episodes=(_episode(scene),),
    )


def _episode(scene: SceneSpec) -> Episode:
    names = tuple(thing.name for thing in scene.objects)
    task = scene.task
    return Episode(
        instructions=(scene.instruction, *phrasings(task)),
        objects=names,
        target=names.index(task.target),
        destination=None if task.destination is None else names.index(task.destination),
        destination_known=True,
    )


def script_block(seeds: range, sampling: Sampling, path: Path) -> Path:
    """Some episodes in one file, written whole or not at all."""
    runs = (script_episode(seed, sampling) for seed in seeds)
    save(join([run for run in runs if run is not None]), path)
    return path


def script(folder: Path, episodes: int, sampling: Sampling, workers: int) -> Iterator[Path]:
    """Make the files that are not there yet, and yield every file as it becomes ready.

    Raises WorkerDied.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {block: folder / f"{block_name(block)}.npz" for block in blocks(episodes, BLOCK)}
    missing = [block for block, path in paths.items() if not path.exists()]
    yield from (path for block, path in paths.items() if block not in missing)
    with WorkerPool(workers, "scripting episodes") as pool:
        begun = [pool.submit(script_block, each, sampling, paths[each]) for each in missing]
        yield from map(pool.result, begun)


def save(samples: Samples, path: Path) -> None:
    """Write samples as npz."""
    runs = np.array([json.dumps(asdict(e)) for e in samples.episodes])
    arrays = {name: getattr(samples, name) for name in (*ARRAYS, GRIPPERS)}
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez(file, allow_pickle=False, episodes=runs, **arrays)


def load(path: Path) -> Samples:
    """Read what ``save`` wrote."""
    with np.load(path, allow_pickle=False) as file:
        runs = tuple(_read_episode(str(text)) for text in file["episodes"])
        arrays = {name: file[name] for name in (*ARRAYS, GRIPPERS) if name in file}
        if "weight" not in arrays:  # in files of before
            arrays["weight"] = np.ones(len(arrays["images"]), np.int64)
        return Samples(**arrays, episodes=runs)


def _read_episode(text: str) -> Episode:
    values = json.loads(text)
    lists = {name: tuple(values[name]) for name in ("instructions", "objects")}
    synonyms = tuple(map(tuple, values.get("synonyms", ())))  # there were none before
    return Episode(**{**values, **lists, "synonyms": synonyms})
