"""What goes over the wire to and from a Franka Hand: its interface in version 3, which all
libfranka up to 0.9 speak (its ``research_interface``); little-endian and packed."""

import struct
from enum import IntEnum

VERSION = 3
PORT = 1338


class HandRequest(IntEnum):
    """What can be asked for over TCP."""

    CONNECT = 0
    HOMING = 1
    GRASP = 2
    MOVE = 3
    STOP = 4


class HandStatus(IntEnum):
    """How it ended."""

    SUCCESS = 0
    FAIL = 1
    UNSUCCESSFUL = 2  # closed, and what was to be grasped is not there
    ABORTED = 3


HEADER = struct.Struct("<HII")  # request, its number, and the size with this header
CONNECT = struct.Struct("<HH")  # version and the UDP port that states go to
CONNECTED = struct.Struct("<HH")  # status and the version that is spoken here
GRASP = struct.Struct("<5d")  # width, narrower and wider by at most, m/s, N
MOVE = struct.Struct("<2d")  # width, m/s
ENDED = struct.Struct("<H")  # status
STATE = struct.Struct("<Idd?H")  # number, width, widest, grasped, temperature
