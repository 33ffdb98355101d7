"""The Panda as MuJoCo XML, drawn from primitives on the frames of the published DH table."""

import numpy as np

from ..datasets.steps import Pose
from ..geometry.arms import ARMS, Arm
from ..geometry.panda import (
    DH_A_M,
    DH_ALPHA_RAD,
    DH_D_M,
    FLANGE_M,
    HAND,
    HAND_OPENING_M,
    HAND_YAW_RAD,
    JOINT_TORQUE_NM,
)
from ..geometry.poses import inverse
from ..geometry.rotations import Array
from .robot_spec import DIGITS, RobotSpec

STIFFNESS_NM_RAD = np.array([4500.0, 4500.0, 3500.0, 3500.0, 2000.0, 2000.0, 2000.0])
DAMPING_NMS_RAD = 0.04 * STIFFNESS_NM_RAD
FINGER_STIFFNESS_N_M = 1000.0
FINGER_FORCE_N = 30.0
FINGER_ROOT_M = 0.0584  # hand to finger joint, along z
ROD_M = 0.012  # radius of what stands for a tool without fingers

_LINK_MASS_KG = (2.9, 3.0, 2.4, 2.6, 2.2, 1.8, 0.8)  # about; Franka publishes none
_WHITE, _DARK, _GREY = "0.94 0.94 0.95 1", "0.16 0.17 0.19 1", "0.55 0.57 0.60 1"
_LOOK = 'contype="0" conaffinity="0" mass="0"'


def _capsule(a: str, b: str, radius: float, rgba: str = _WHITE) -> str:
    return f'<geom type="capsule" fromto="{a} {b}" size="{radius}" rgba="{rgba}" {_LOOK}/>'


def _cylinder(a: str, b: str, radius: float, rgba: str = _WHITE) -> str:
    return f'<geom type="cylinder" fromto="{a} {b}" size="{radius}" rgba="{rgba}" {_LOOK}/>'


_BASE = (
    _cylinder("0 0 0", "0 0 0.03", 0.095, _GREY),
    _capsule("-0.09 0 0.045", "0 0 0.06", 0.055),
    _cylinder("0 0 0.03", "0 0 0.14", 0.068),
    _cylinder("0 0 0.14", "0 0 0.146", 0.063, _DARK),
)
_LINKS: tuple[tuple[str, ...], ...] = (
    (_capsule("0 0 -0.13", "0 0 -0.03", 0.060), _cylinder("0 -0.07 0", "0 0.07 0", 0.058, _WHITE)),
    (
        _cylinder("0 0 -0.078", "0 0 0.078", 0.048, _DARK),
        _capsule("0 -0.02 0", "0 -0.18 0", 0.058),
        _cylinder("0 -0.190 0", "0 -0.196 0", 0.056, _DARK),
    ),
    (
        _capsule("0 0 -0.07", "0.02 0 -0.02", 0.056),
        _capsule("0.02 0 -0.02", "0.0825 0 0", 0.054),
        _cylinder("0.0825 -0.062 0", "0.0825 0.062 0", 0.050),
    ),
    (
        _cylinder("0 0 -0.068", "0 0 0.068", 0.042, _DARK),
        _capsule("0 0 0", "-0.0825 0.09 0", 0.053),
        _cylinder("-0.0825 0.130 0", "-0.0825 0.136 0", 0.053, _DARK),
    ),
    (
        _capsule("0 0 -0.20", "0 0.03 -0.12", 0.052),
        _capsule("0 0.055 -0.10", "0 0.045 -0.01", 0.042),
        _cylinder("0 -0.055 0", "0 0.055 0", 0.046),
    ),
    (
        _cylinder("0 0 -0.062", "0 0 0.062", 0.040, _DARK),
        _capsule("0 0 0", "0.07 0.0 0", 0.046),
        _cylinder("0.088 0.055 0", "0.088 -0.050 0", 0.047),
    ),
    (
        _cylinder("0 0 0.045", "0 0 0.085", 0.043),
        _cylinder("0 0 0.085", "0 0 0.107", 0.036, _GREY),
    ),
)


def _link(index: int, arm: Arm, inside: str) -> str:
    sine, cosine = np.sin(DH_ALPHA_RAD[index]), np.cos(DH_ALPHA_RAD[index])
    position = f"{DH_A_M[index]} {-DH_D_M[index] * sine:.6f} {DH_D_M[index] * cosine:.6f}"
    half = DH_ALPHA_RAD[index] / 2
    return f"""
<body name="link{index + 1}" pos="{position}" quat="{np.cos(half)} {np.sin(half)} 0 0" gravcomp="1">
<inertial pos="0 0 0" mass="{_LINK_MASS_KG[index]}" diaginertia="0.02 0.02 0.02"/>
<joint name="joint{index + 1}" axis="0 0 1" damping="1" armature="0.1"
 range="{arm.lower_rad[index]} {arm.upper_rad[index]}"/>
{"".join(_LINKS[index])}{inside}</body>"""


def _finger(side: str) -> str:
    y = 1 if side == "left" else -1
    root, pad = y * 0.0145, y * 0.0065
    return f"""
<body name="{side}_finger" pos="0 0 {FINGER_ROOT_M}" gravcomp="1">
<inertial pos="0 0 0.02" mass="0.05" diaginertia="2e-5 2e-5 1e-5"/>
<joint name="{side}_finger" type="slide" axis="0 {y} 0" range="0 {HAND_OPENING_M / 2}"
 damping="10" armature="0.05"/>
<geom type="box" class="finger" pos="0 {root} 0.014" size="0.0095 0.0075 0.017" rgba="{_GREY}"/>
<geom type="box" class="finger" pos="0 {pad} 0.040" size="0.0100 0.0065 0.014" rgba="{_DARK}"/>
</body>"""


def _at_flange(robot: RobotSpec, wrist_camera: str) -> str:
    half = HAND_YAW_RAD / 2
    return f"""
<body name="hand" pos="0 0 {FLANGE_M}" quat="{np.cos(half)} 0 0 {np.sin(half)}" gravcomp="1">
{_hand() if robot.hand else _rod(robot)}
{wrist_camera}
{_tool(robot)}
{_finger("left") + _finger("right") if robot.hand else ""}</body>"""


def _rod(robot: RobotSpec) -> str:
    """From the flange to the tool's centre point, which may be the same place."""
    end = _numbers(_in_hand(robot)[:3, 3])
    flange = f"""
<inertial pos="0 0 0.01" mass="0.2" diaginertia="0.0005 0.0005 0.0005"/>
<geom type="cylinder" class="hand" fromto="0 0 -0.012 0 0 0" size="0.036" rgba="{_GREY}"/>"""
    length_m = float(np.linalg.norm(robot.tool_position_m))
    if length_m < ROD_M:
        return flange
    rod = f'<geom type="cylinder" class="hand" fromto="0 0 0 {end}" size="{ROD_M}" rgba="{_DARK}"/>'
    return f"{flange}\n{rod}"


def _hand() -> str:
    return f"""
<inertial pos="0 0 0.03" mass="0.7" diaginertia="0.002 0.001 0.002"/>
<geom type="box" class="hand" pos="0 0 0.026" size="0.030 0.072 0.026" rgba="{_WHITE}"/>
<geom type="cylinder" class="hand" pos="0 0.072 0.026" size="0.030 0.026" rgba="{_WHITE}"/>
<geom type="cylinder" class="hand" pos="0 -0.072 0.026" size="0.030 0.026" rgba="{_WHITE}"/>
<geom type="box" pos="0 0 0.0535" size="0.018 0.085 0.002" rgba="{_DARK}" {_LOOK}/>
<geom type="box" pos="0.045 0 0.012" size="0.016 0.045 0.011" rgba="{_DARK}" {_LOOK}/>"""


def _tool(robot: RobotSpec) -> str:
    """The tool's centre point."""
    pose = _in_hand(robot)
    place, axes = pose[:3, 3], pose[:3, :2].T.ravel()
    return f"""<site name="end_effector" pos="{_numbers(place)}" xyaxes="{_numbers(axes)}"
 size="0.005"/>"""


def _in_hand(robot: RobotSpec) -> Pose:
    """The tool's pose (4, 4) in the frame of what is at the flange."""
    return np.round(inverse(HAND) @ robot.flange_to_tool, DIGITS)


def _numbers(values: Array) -> str:
    return " ".join(repr(float(value)) for value in values)


def robot_defaults() -> str:
    """The default classes that the robot's geoms use."""
    return """
<default class="finger"><geom mass="0" friction="2 0.02 0.0005" condim="4" priority="1"/></default>
<default class="hand"><geom mass="0" friction="0.3 0.005 0.0001"/></default>"""


def robot_body(robot: RobotSpec, wrist_camera: str) -> str:
    """The arm's body tree; ``wrist_camera`` is XML that rides on what is at its flange."""
    inside = _at_flange(robot, wrist_camera)
    for index in reversed(range(7)):
        inside = _link(index, ARMS[robot.arm], inside)
    return f'<body name="link0">{"".join(_BASE)}{inside}</body>'


def robot_actuators(robot: RobotSpec) -> str:
    """Position servos for joints and fingers; ctrl holds the seven joints, then both fingers, where
    there is a hand."""
    joints = (
        f'<position joint="joint{i + 1}" kp="{STIFFNESS_NM_RAD[i]}" kv="{DAMPING_NMS_RAD[i]}"'
        f' forcerange="-{JOINT_TORQUE_NM[i]} {JOINT_TORQUE_NM[i]}"/>'
        for i in range(7)
    )
    fingers = (
        f'<position joint="{side}_finger" kp="{FINGER_STIFFNESS_N_M}"'
        f' forcerange="-{FINGER_FORCE_N} {FINGER_FORCE_N}"/>'
        for side in (("left", "right") if robot.hand else ())
    )
    return "".join((*joints, *fingers))
