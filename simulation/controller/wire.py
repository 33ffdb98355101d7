"""What goes over the wire to and from a Franka's arm: the Franka Control Interface, version 5.

The layouts and numbers are those that libfranka 0.8 to 0.9 speaks (its ``research_interface``).
Requests and answers go over TCP, states and commands over UDP, all little-endian and packed.
"""

import struct
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

VERSION = 5
PORT = 1337
ERRORS = 41  # flags in a state

Record = NDArray[np.void]  # one state or one command


class Request(IntEnum):
    """What can be asked for over TCP."""

    CONNECT = 0
    MOVE = 1
    STOP_MOVE = 2
    GET_CARTESIAN_LIMIT = 3
    SET_COLLISION_BEHAVIOR = 4
    SET_JOINT_IMPEDANCE = 5
    SET_CARTESIAN_IMPEDANCE = 6
    SET_GUIDING_MODE = 7
    SET_EE_TO_K = 8
    SET_NE_TO_EE = 9
    SET_LOAD = 10
    SET_FILTERS = 11
    AUTOMATIC_ERROR_RECOVERY = 12
    LOAD_MODEL_LIBRARY = 13


class MoveStatus(IntEnum):
    """How a motion goes on or ended."""

    SUCCESS = 0
    STARTED = 1
    PREEMPTED = 2
    NOT_POSSIBLE = 3
    SINGULAR_START = 4
    INVALID_ARGUMENT = 5
    REFLEX = 6
    EMERGENCY = 7
    INPUT_ERROR = 8
    ABORTED = 9


OK, REFUSED = 0, 1  # of every other request
MANUAL_RECOVERY_REQUIRED = 2  # of an error recovery


class Generator(IntEnum):
    """What a motion's commands are; a request counts from JOINT_POSITION = 0, a state from 1."""

    JOINT_POSITION = 0
    JOINT_VELOCITY = 1
    CARTESIAN_POSITION = 2
    CARTESIAN_VELOCITY = 3


class Controller(IntEnum):
    """Who computes the torques."""

    JOINT_IMPEDANCE = 0
    CARTESIAN_IMPEDANCE = 1
    EXTERNAL = 2
    OTHER = 3


class Mode(IntEnum):
    """What the robot is doing."""

    OTHER = 0
    IDLE = 1
    MOVE = 2
    GUIDING = 3
    REFLEX = 4
    USER_STOPPED = 5
    RECOVERY = 6


class Fault(IntEnum):
    """The place of an error among a state's flags; only those that are simulated are named."""

    JOINT_POSITION_LIMITS = 0
    JOINT_VELOCITY = 3
    JOINT_REFLEX = 6
    CARTESIAN_REFLEX = 7
    JOINT_GENERATOR_POSITION_LIMITS = 12
    JOINT_GENERATOR_VELOCITY_LIMITS = 13
    JOINT_GENERATOR_VELOCITY_DISCONTINUITY = 14
    JOINT_GENERATOR_ACCELERATION_DISCONTINUITY = 15
    COMMUNICATION_CONSTRAINTS = 25
    TORQUE_DISCONTINUITY = 32
    TORQUE_RANGE = 34


def _vector(name: str, count: int) -> tuple[str, str, tuple[int]]:
    return name, "<f8", (count,)


STATE = np.dtype(
    [
        ("message_id", "<u8"),
        *(_vector(name, 16) for name in ("O_T_EE", "O_T_EE_d", "F_T_EE", "EE_T_K")),
        *(_vector(name, 16) for name in ("F_T_NE", "NE_T_EE")),
        ("m_ee", "<f8"),
        _vector("I_ee", 9),
        _vector("F_x_Cee", 3),
        ("m_load", "<f8"),
        _vector("I_load", 9),
        _vector("F_x_Cload", 3),
        _vector("elbow", 2),
        _vector("elbow_d", 2),
        *(_vector(name, 7) for name in ("tau_J", "tau_J_d", "dtau_J", "q", "q_d", "dq", "dq_d")),
        _vector("ddq_d", 7),
        _vector("joint_contact", 7),
        _vector("cartesian_contact", 6),
        _vector("joint_collision", 7),
        _vector("cartesian_collision", 6),
        _vector("tau_ext_hat_filtered", 7),
        *(_vector(name, 6) for name in ("O_F_ext_hat_K", "K_F_ext_hat_K", "O_dP_EE_d")),
        _vector("O_ddP_O", 3),
        *(_vector(name, 2) for name in ("elbow_c", "delbow_c", "ddelbow_c")),
        _vector("O_T_EE_c", 16),
        *(_vector(name, 6) for name in ("O_dP_EE_c", "O_ddP_EE_c")),
        *(_vector(name, 7) for name in ("theta", "dtheta")),
        ("motion_generator_mode", "u1"),
        ("controller_mode", "u1"),
        ("errors", "u1", (ERRORS,)),
        ("reflex_reason", "u1", (ERRORS,)),
        ("robot_mode", "u1"),
        ("control_command_success_rate", "<f8"),
    ]
)
"""A state, one each millisecond; ``message_id`` counts them. Poses are column by column."""

COMMAND = np.dtype(
    [
        ("message_id", "<u8"),
        _vector("q_c", 7),
        _vector("dq_c", 7),
        _vector("O_T_EE_c", 16),
        _vector("O_dP_EE_c", 6),
        _vector("elbow_c", 2),
        ("valid_elbow", "u1"),
        ("motion_finished", "u1"),
        _vector("tau_J_d", 7),
    ]
)
"""The answer to the state of the same ``message_id``."""


HEADER = struct.Struct("<III")  # request, its number, and the size with this header
CONNECT = struct.Struct("<HH")  # version and the UDP port that states go to
CONNECTED = struct.Struct("<BH")  # status and the version that is spoken here
MOVE = struct.Struct("<II")  # controller and generator, before the allowed deviations
POSE = struct.Struct("<16d")  # column by column
LOAD = struct.Struct("<d3d9d")  # kg, centre in the flange's frame, inertia
COLLISION = struct.Struct("<7d7d7d7d6d6d6d6d")  # lower and upper, accelerating and else
CARTESIAN_LIMIT_BYTES = 24 + 128 + 1  # of the answer, after its status
