"""The simulated station: one scene, a Panda, its cameras, and a judge of the task."""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

import time
from collections.abc import Sequence
from typing import NamedTuple

from .rendering import Renderer  # isort: skip  (chooses the backend before mujoco is imported)

import mujoco
import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Action, Decider, Image, Observation, Pose
from ..geometry.camera import Camera
from ..geometry.panda import HAND_OPENING_M, HOME_JOINTS_RAD, tool_down
from ..geometry.poses import make_pose
from .geom_owners import FINGERS, GeomOwners
from .scene_xml import scene_xml
from .scenes import SceneSpec
from .servo import Servo
from .shadows import ShadedTable
from .success import Situation, SuccessDetector
from .tabletop import table_picture
from .views import (
    PREVIEW_SIZE,
    RECORDED,
    USUAL,
    camera_model,
    centre_square,
    recorded_front,
    recorded_front_depth,
    recorded_front_mask,
)

_SETTLE_STEPS = 50


class Capture(NamedTuple):
    """What a camera gives at one moment."""

    image: Image  # (height, width, 3)
    depth_m: NDArray[np.float32]  # (height, width), of the image's pixels


class World:
    """One scene, running. Equal scenes and actions give bitwise equal states and images.

    ``cameras`` are those of its observations; any other of the simulator's can be asked for by
    name. Raises NoSuchCamera. Use as a context manager, or call ``close``, to free what drawing
    allocated.
    """

    TICK_S = 0.05

    def __init__(self, scene: SceneSpec, cameras: Sequence[str] = USUAL) -> None:
        self.scene = scene
        self._model = mujoco.MjModel.from_xml_string(scene_xml(scene))
        self._data = mujoco.MjData(self._model)
        self._owners = GeomOwners(self._model, [item.name for item in scene.objects])
        self._bodies = {item.name: self._model.body(item.name).id for item in scene.objects}
        self._renderer = self._make_renderer()
        self._captures: dict[tuple[str, int, int], tuple[bytes, Capture]] = {}
        self._site = self._model.site("end_effector").id
        self._servo = Servo(self._model, self._data, self.TICK_S, scene.robot)
        self._cameras = {name: self.camera(name, RECORDED, RECORDED) for name in cameras}
        self.ticks = 0
        self._settle()
        self._detector = SuccessDetector(scene, self.object_poses(), self.TICK_S)

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the drawing resources; the state remains readable."""
        self._renderer.close()

    @property
    def time_s(self) -> float:
        """Simulated seconds since the start."""
        return self.ticks * self.TICK_S

    @property
    def qpos(self) -> NDArray[np.float64]:
        """Seven joints, left and right finger where there is a hand, then 7 numbers for each of
        scene.objects."""
        return self._data.qpos.copy()

    def set_qpos(self, qpos: NDArray[np.float64]) -> None:
        """Put everything where it was, at rest; pictures are then exactly the recorded ones."""
        self._data.qpos[:] = qpos
        self._data.qvel[:] = 0.0
        self._data.qacc_warmstart[:] = 0.0
        self._servo.hold()
        mujoco.mj_forward(self._model, self._data)

    def apply(self, action: Action) -> None:
        """One control tick of 50 ms towards an absolute target; where a person is to lead the arm,
        pulled there by a hand."""
        if action.decided_by == Decider.GUIDED:
            self._servo.give_way(action)
        else:
            self._servo.follow(action)
        mujoco.mj_forward(self._model, self._data)  # poses of now, not of one step ago
        self.ticks += 1
        self._detector.watch(self._situation())

    def observe(self, images: bool = True) -> Observation:
        """What the station sees now: with images, its cameras at 256×256."""
        now = time.monotonic_ns()
        pictures = self.images() if images else {}
        return Observation(
            time_ns=now,
            joint_positions_rad=self._data.qpos[:7].copy(),
            joint_velocities_rad_s=self._data.qvel[:7].copy(),
            ee_pose=self.ee_pose(),
            gripper_width_m=self.width_m if self.scene.robot.hand else None,
            images=pictures,
            image_time_ns=dict.fromkeys(pictures, now),
            cameras=self.cameras(),
        )

    @property
    def width_m(self) -> float:
        """How far the hand is open; there has to be one."""
        return float(self._data.qpos[7] + self._data.qpos[8])

    def images(self) -> dict[str, Image]:
        """The recorded 256×256 image of each camera."""
        return {name: self.render(name, RECORDED, RECORDED) for name in self._cameras}

    def cameras(self) -> dict[str, Camera]:
        """The calibrated cameras of the recorded images, jitter included."""
        return self._cameras

    def camera(self, name: str, width: int, height: int) -> Camera:
        """The calibrated camera of an image of that size."""
        return camera_model(name, self.scene, width, height)

    def preview(self) -> Image:
        """The front camera at 640×480, of which ``recorded_front`` cuts the recorded image."""
        return self._renderer.color(self._data, "front", *PREVIEW_SIZE)

    def render(self, camera: str, width: int, height: int) -> Image:
        """RGB (height, width, 3); the recorded front image is cut from the preview."""
        if (camera, width, height) == ("front", RECORDED, RECORDED):
            return recorded_front(self.preview())
        return self._renderer.color(self._data, camera, width, height)

    def capture(self, camera: str, width: int = RECORDED, height: int = RECORDED) -> Capture:
        """What a camera records at this moment, in that size; not to be written to. While nothing
        moves it is drawn once."""
        asked, state = (camera, width, height), self._data.qpos.tobytes()
        if asked not in self._captures or self._captures[asked][0] != state:
            self._captures[asked] = state, self._capture(*asked)
        return self._captures[asked][1]

    def _capture(self, camera: str, width: int, height: int) -> Capture:
        if (camera, width, height) != ("front", RECORDED, RECORDED):
            return Capture(*self._renderer.color_and_depth(self._data, camera, width, height))
        image, depth_m = self._renderer.color_and_depth(self._data, camera, *PREVIEW_SIZE)
        return Capture(recorded_front(image), recorded_front_depth(depth_m))

    def instance_masks(self, camera: str, width: int, height: int) -> dict[str, NDArray[np.bool_]]:
        """What each object and the robot cover, (height, width) each, also when all False."""
        if (camera, width, height) != ("front", RECORDED, RECORDED):
            return self._owners.masks(self._renderer.geom_ids(self._data, camera, width, height))
        shown = centre_square(self._renderer.geom_ids(self._data, camera, *PREVIEW_SIZE))
        masks = self._owners.masks(shown)
        return {name: recorded_front_mask(mask) for name, mask in masks.items()}

    def object_poses(self) -> dict[str, Pose]:
        """Each object's pose (4, 4) in the base frame."""
        return {
            name: make_pose(self._data.xmat[body].reshape(3, 3), self._data.xpos[body])
            for name, body in self._bodies.items()
        }

    def ee_pose(self) -> Pose:
        """The measured end-effector pose (4, 4)."""
        rotation = self._data.site_xmat[self._site].reshape(3, 3)
        return make_pose(rotation, self._data.site_xpos[self._site])

    def success(self) -> bool:
        """Whether the task is done and has been for half a second."""
        return self._detector.success

    @property
    def failure_reason(self) -> str:
        """What is missing; empty once the task is done."""
        return self._detector.failure_reason

    def _settle(self) -> None:
        start = tool_down(self.scene.start_yaw_rad, self.scene.start_position_m)
        joints = self.scene.robot.kinematics.inverse(start, HOME_JOINTS_RAD, iterations=30)
        self._data.qpos[:7] = joints
        if self.scene.robot.hand:
            self._data.qpos[7:9] = HAND_OPENING_M / 2
        self._servo.hold()
        mujoco.mj_step(self._model, self._data, _SETTLE_STEPS)
        mujoco.mj_forward(self._model, self._data)

    def _make_renderer(self) -> Renderer:
        radii = {self._bodies[item.name]: 0.85 * item.kind.radius_m for item in self.scene.objects}
        parts = FINGERS if self.scene.robot.hand else ()
        fingers = {self._model.body(name).id: 0.02 for name in parts}
        direction = np.asarray(self.scene.look.light_direction)
        picture = table_picture(self.scene.look, self.scene.seed)
        return Renderer(self._model, ShadedTable(picture, direction, radii | fingers))

    def _situation(self) -> Situation:
        return Situation(
            self.object_poses(),
            {name: self._speed(body) for name, body in self._bodies.items()},
            self._owners.touching(self._data),
        )

    def _speed(self, body: int) -> float:
        first = self._model.body_dofadr[body]
        return float(np.linalg.norm(self._data.qvel[first : first + 3]))
