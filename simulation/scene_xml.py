"""A scene as MuJoCo XML: table, light, cameras, robot and the objects with their parts."""

import numpy as np

from ..geometry.rotations import Array
from .object_xml import parts
from .objects import COLORS
from .panda_xml import robot_actuators, robot_body, robot_defaults
from .scenes import Look, ObjectSpec, SceneSpec
from .shadows import TABLE_HALF_M, TABLE_MIDDLE_M
from .tabletop import SIZE
from .views import camera_pose_in_parent, view

# Between objects and table; the fingers bring their own. Rolling friction (the last number)
# keeps balls and toppled cylinders where they are put.
_FRICTION = 'friction="0.55 0.01 0.003"'


def scene_xml(scene: SceneSpec) -> str:
    """The complete model of one scene."""
    return f"""
<mujoco model="teachloop">
<compiler angle="radian" autolimits="true"/>
<option timestep="0.002" integrator="implicitfast" cone="elliptic" impratio="10"/>
<size memory="8M"/>
<visual>
<global offwidth="640" offheight="480"/><map znear="0.02" zfar="6"/>
<quality shadowsize="0" offsamples="0" numslices="24" numstacks="12"/>
<headlight ambient="{_grey(scene.look.ambient)}" diffuse="0.26 0.26 0.26" specular="0 0 0"/>
</visual>
<statistic extent="1" center="0.5 0 0.1"/>
<default>{robot_defaults()}</default>
<asset>{_assets()}</asset>
<worldbody>
{_surroundings(scene.look)}
{camera_xml("front", scene.look)}{camera_xml("side", scene.look)}
{robot_body(scene.robot, camera_xml("wrist", scene.look))}
{"".join(_object(item) for item in scene.objects)}
</worldbody>
<actuator>{robot_actuators(scene.robot)}</actuator>
</mujoco>"""


def camera_xml(name: str, look: Look) -> str:
    """The camera; MuJoCo looks along −z with y up, so OpenCV's y and z axes are turned."""
    pose = camera_pose_in_parent(name, look)
    x, y = pose[:3, 0], -pose[:3, 1]
    axes = _numbers(np.concatenate([x, y]))
    return (
        f'<camera name="{name}" pos="{_numbers(pose[:3, 3])}" xyaxes="{axes}"'
        f' fovy="{np.degrees(view(name).fovy_rad)}"/>'
    )


def _numbers(values: Array) -> str:
    return " ".join(repr(float(value)) for value in values)


def _grey(value: float) -> str:
    return f"{value} {value} {value}"


def _assets() -> str:
    hexagon = " ".join(
        f"{0.027 * np.cos(a):.6f} {0.027 * np.sin(a):.6f} {z}"
        for z in (-0.02, 0.02)
        for a in np.arange(6) * np.pi / 3
    )
    return f"""
<texture name="table" type="2d" builtin="flat" width="{SIZE}" height="{SIZE}"/>
<material name="table" texture="table" texuniform="false" specular="0.1"/>
<mesh name="hexagon" vertex="{hexagon}"/>"""


def _surroundings(look: Look) -> str:
    main, fill = _grey(look.light), _grey(0.25 * look.light)
    direction = _numbers(np.asarray(look.light_direction))
    return f"""
<light type="directional" pos="0.5 0 2" dir="{direction}" diffuse="{main}"
 specular="0.2 0.2 0.2" castshadow="false"/>
<light type="directional" pos="0.5 0 2" dir="0.4 0 -0.5" diffuse="{fill}"
 specular="0 0 0" castshadow="false"/>
<geom name="floor" type="box" pos="0.5 0 -0.72" size="3 3 0.02" rgba="0.33 0.35 0.38 1"
 contype="0" conaffinity="0"/>
<geom name="table" type="plane" pos="{TABLE_MIDDLE_M[0]} {TABLE_MIDDLE_M[1]} 0"
 size="{TABLE_HALF_M[0]} {TABLE_HALF_M[1]} 0.1" material="table"
 {_FRICTION}/>"""


def _object(item: ObjectSpec) -> str:
    half = item.yaw_rad / 2
    height = item.kind.height_m / 2 if item.kind.graspable else 0.0
    return f"""
<body name="{item.name}" pos="{item.x_m} {item.y_m} {height + 0.0002}"
 quat="{np.cos(half)} 0 0 {np.sin(half)}"><freejoint/>
{parts(item.kind, COLORS[item.color])}</body>"""
