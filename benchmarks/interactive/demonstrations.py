"""Takes of 100 frames of the scripted expert at its work, simulated as it is."""

from dataclasses import replace
from pathlib import Path

from sittings.writing import take_info, write_tick

from teachloop.datasets.takes.writer import TakeWriter
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.language import NOVEL_VERBS
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World

from .filming import FRAMES, Size, TrueTake, Truth


def demonstrate(folder: Path, verb: str, seed: int, size: Size) -> TrueTake:
    """Record the expert's first 100 ticks in the scene of that seed; it rests when it is done."""
    scene = sample_scene(seed, verb=verb, split="novel" if verb in NOVEL_VERBS else "base")
    truth = Truth()
    with World(scene) as world:
        expert = ScriptedExpert(scene, world.object_poses, seed)
        cameras = {name: world.camera(name, *size) for name in world.cameras()}
        with TakeWriter(folder, take_info(folder, scene, cameras)) as writer:
            for number in range(FRAMES):
                images = {name: world.render(name, *size) for name in cameras}
                seen = replace(world.observe(images=False), images=images, cameras=cameras)
                action = expert.act(seen)
                write_tick(writer, number, seen, action, world.qpos)
                shown = {name: world.instance_masks(name, *size) for name in cameras}
                truth.add({name: masks[scene.task.target] for name, masks in shown.items()})
                world.apply(action)
    return TrueTake(folder, scene.task.target, truth.stacked())
