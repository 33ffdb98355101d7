"""The scene before a simulated controller, as cameras in another process see it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import zmq

from ...runtime.errors import TeachloopError
from ...simulation.controller.world_line import PORT, TOPIC, SeenWorld
from ...simulation.robot_spec import RobotSpec
from ...simulation.scenes import SceneSpec
from ...simulation.world import World
from ..devices.interfaces import DeviceSilent
from ..devices.scene import SceneDescription, SceneTruth

FIRST_MS = 5000


class FollowedScene:
    """Its world stands as the controller's last did; ``number`` counts those that were drawn."""

    def __init__(self, address: str, robot: RobotSpec) -> None:
        self.number, self._robot = 0, robot
        self.time_s = 0.0
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.SUB)
        self._socket.subscribe(TOPIC)
        self._socket.connect(f"tcp://{address}:{PORT}")
        self._draw: list[Callable[[], None]] = []
        if not self._socket.poll(FIRST_MS):
            self._context.destroy(linger=0)
            raise DeviceSilent(
                f"No simulated controller at {address} shows what is before it. Start one with "
                f"teachloop simulate-robot --address {address}."
            )
        seen = self._newest()
        assert seen is not None, "the poll said that there is one"
        self._scene, self.world = seen.scene, self._world(seen)
        self._show(seen)

    def on_draw(self, draw: Callable[[], None]) -> None:
        """Call this for each new state of the world."""
        self._draw.append(draw)

    def draw(self) -> None:
        """Push a frame of each camera, unless nothing was heard since the last one."""
        seen = self._newest()
        if seen is None:
            return
        self._show(seen)
        for draw in self._draw:
            draw()

    def close(self) -> None:
        self.world.close()
        self._context.destroy(linger=0)

    def reset(self, seed: int | None, verb: str | None, split: str) -> None:
        raise TeachloopError("What is before a robot is set up by hand.")

    def restore(self, json_text: str) -> None:
        self.reset(None, None, "")

    def description(self) -> SceneDescription:
        return SceneDescription.of(self.world.scene)

    def truth(self) -> SceneTruth:
        raise TeachloopError("The robot's process knows the truth, not its cameras'.")

    def _show(self, seen: SeenWorld) -> None:
        if seen.scene != self._scene:
            self.world.close()
            self._scene, self.world = seen.scene, self._world(seen)
        self.world.set_qpos(np.array(seen.qpos))
        self.time_s = seen.ticks / 1000
        self.number += 1

    def _world(self, seen: SeenWorld) -> World:
        """What the controller shows, and the tool that the station has set."""
        scene = SceneSpec.from_json(seen.scene)
        own = self._robot
        robot = replace(
            scene.robot, tool_position_m=own.tool_position_m, tool_rotation=own.tool_rotation
        )
        return World(replace(scene, robot=robot))

    def _newest(self) -> SeenWorld | None:
        payload = None
        while self._socket.poll(0):
            _, payload = self._socket.recv_multipart()
        return None if payload is None else SeenWorld.model_validate_json(payload)
