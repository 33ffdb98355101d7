"""Still scenes: tables as they may look, rendered once each, to learn looking from.

An episode shows one table many times; things are told apart by having seen many tables. A still
costs a fiftieth of an episode. In some of them lie things without a name, and the arm may be
anywhere above the table.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.atomic_file import new_folder
from ...runtime.processes.pool import WorkerPool
from ...simulation.sampling import WORKSPACE_M
from ...simulation.tasks import ObjectSpec, SceneSpec, sample_scene
from ...simulation.unnamed import COUNT, unnamed
from ...simulation.world import World
from .blocks import block_name, blocks
from .preprocessing import shrink_all

FIRST_SEED = 20_000_000  # far from those of episodes and of tests
BLOCK = 250  # stills in one folder, at most
NAMELESS = 0.3  # of the things that can be grasped
ANYWHERE = 0.7  # of the stills show the arm elsewhere than where runs begin
HEIGHT_M = (0.04, 0.30)  # of the hand
TURN_RAD = 0.4  # spread
IMAGES, MASKS, OBJECTS = "images.npy", "masks.npy", "objects.json"


@dataclass(frozen=True, slots=True)
class Stills:
    """N tables through C cameras, in blocks that stay on the disk."""

    images: tuple[NDArray[np.uint8], ...]  # of each block (n, C, s, s, 3)
    masks: tuple[NDArray[np.uint8], ...]  # (n, C, s, s): value i + 1 is its object i
    objects: tuple[tuple[str, ...], ...]  # the names in each still

    def __len__(self) -> int:
        return len(self.objects)

    def at(self, still: int, camera: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """An image (s, s, 3) and its object map (s, s)."""
        block, row = divmod(still, len(self.images[0]))
        return self.images[block][row, camera], self.masks[block][row, camera]


def draw_still_scene(seed: int) -> SceneSpec:
    """A scene of the base split, some things in it without a name."""
    rng = np.random.default_rng([seed, 5])
    scene = sample_scene(seed)
    scene = replace(scene, objects=_with_nameless(scene.objects, rng))
    if rng.random() > ANYWHERE:
        return scene
    (x_low, x_high), (y_low, y_high) = WORKSPACE_M
    place = rng.uniform([x_low, y_low, HEIGHT_M[0]], [x_high, y_high, HEIGHT_M[1]])
    start = tuple(float(value) for value in place)
    return replace(scene, start_position_m=start, start_yaw_rad=float(rng.normal(0, TURN_RAD)))


def _with_nameless(items: Sequence[ObjectSpec], rng: np.random.Generator) -> tuple[ObjectSpec, ...]:
    bodies = rng.permutation(COUNT)[: len(items)].tolist()  # no two of them alike
    return tuple(
        replace(item, shape=unnamed(body))
        if item.kind.graspable and rng.random() < NAMELESS
        else item
        for item, body in zip(items, bodies, strict=True)
    )


def render_block(seeds: range, cameras: tuple[str, ...], size: int, folder: Path) -> Path:
    """Some stills in a folder, written whole or not at all."""
    shots = [_shot(draw_still_scene(FIRST_SEED + seed), cameras, size) for seed in seeds]
    images, masks, objects = zip(*shots, strict=True)
    with new_folder(folder) as partial:
        np.save(partial / IMAGES, np.stack(images))
        np.save(partial / MASKS, np.stack(masks))
        (partial / OBJECTS).write_text(json.dumps(objects))
    return folder


def _shot(
    scene: SceneSpec, cameras: tuple[str, ...], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], list[str]]:
    names = [thing.name for thing in scene.objects]
    with World(scene, cameras) as world:
        images = shrink_all(world.images(), size, cameras)
        maps = np.stack([_object_map(world, camera, names, size) for camera in cameras])
    return images, maps, names


def _object_map(world: World, camera: str, names: Sequence[str], size: int) -> NDArray[np.uint8]:
    masks = world.instance_masks(camera, size, size)
    result = np.zeros((size, size), np.uint8)
    for number, name in enumerate(names, start=1):
        result[masks[name]] = number
    return result


def render(
    folder: Path, stills: int, cameras: tuple[str, ...], size: int, workers: int
) -> Iterator[Path]:
    """Make the blocks that are not there yet, and yield each as it becomes ready. Raises
    WorkerDied."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {block: folder / block_name(block) for block in blocks(stills, BLOCK)}
    missing = [block for block, path in paths.items() if not path.exists()]
    yield from (path for block, path in paths.items() if block not in missing)
    with WorkerPool(workers, "rendering scenes") as pool:
        begun = [pool.submit(render_block, each, cameras, size, paths[each]) for each in missing]
        yield from map(pool.result, begun)


def load_stills(folders: Sequence[Path]) -> Stills:
    """Blocks that ``render`` made."""
    ordered = sorted(folders)
    objects = [json.loads((block / OBJECTS).read_text()) for block in ordered]
    return Stills(
        tuple(np.load(block / IMAGES, mmap_mode="r") for block in ordered),
        tuple(np.load(block / MASKS, mmap_mode="r") for block in ordered),
        tuple(tuple(names) for block in objects for names in block),
    )
