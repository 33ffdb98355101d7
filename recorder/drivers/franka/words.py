"""What a Franka and its library say, in words that tell what to do."""

import re
from collections.abc import Sequence

from ....geometry.arms import ArmName
from .link import Mode

# Protocol version: the robot, its system version, and the libfranka that speaks it. From the
# compatibility matrix in Franka's documentation.
SYSTEMS = {
    3: ("Panda (FER)", "3.0", "0.7.1"),
    4: ("Panda (FER)", "4.0", "0.8.0"),
    5: ("Panda (FER)", "4.2.1", "0.9.2"),
    6: ("FR3", "5.2.0", "0.13.2"),
    7: ("FR3", "5.5.0", "0.13.6"),
    8: ("FR3", "5.7.0", "0.14.2"),
    9: ("FR3", "5.7.2", "0.17.0"),
    10: ("FR3", "5.9.0", "0.21.3"),
}
PANDA_PY = 5  # of the wheel that comes along
VERSIONS = re.compile(r"(?:server|protocol) version:? (\d+),.*(?:library|speaks) version:? (\d+)")

MODES = {
    Mode.OTHER: "its brakes are locked: unlock the joints in Desk",
    Mode.GUIDING: "somebody guides it by its own buttons: let go of them",
    Mode.USER_STOPPED: "its user stop is pressed: release it, then go on here",
    Mode.RECOVERY: "it is recovering from an error: wait a moment",
}
ERRORS = {
    "joint_position_limits_violation": (
        "a joint is at its end: guide the arm back by hand, with its own buttons, then go on"
    ),
    "joint_velocity_violation": "a joint went faster than it may",
    "joint_reflex": "something pressed on the arm: see that the way is free",
    "cartesian_reflex": "something pressed on the hand: see that the way is free",
    "communication_constraints_violation": (
        "too many commands came late: see that nothing else uses this computer or its network, "
        "and that it has a real-time kernel"
    ),
    "power_limit_violation": "it needed more power than it has: move slower, or with less payload",
    "controller_torque_discontinuity": "torques changed too fast",
    "tau_j_range_violation": "a joint had to bear too much: see that the payload is right",
    "instability_detected": "the arm began to swing: choose softer stiffness",
}


def gone_words(address: str) -> str:
    """A robot that was there."""
    return (
        f"The robot at {address} does not answer any more. See that it is on, and that its network "
        "is plugged in."
    )


def snake(name: str) -> str:
    """A name of libfranka's classes as its C++ has it: UserStopped is user_stopped."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def arm_of(version: int) -> ArmName:
    """Which arm speaks a protocol version; a newer one than is known is an FR3."""
    return "panda" if SYSTEMS.get(version, ("FR3",))[0].startswith("Panda") else "fr3"


def other_arm_words(address: str, version: int) -> str:
    """What to set where the robot is not the arm whose limits hold."""
    arm = arm_of(version)
    name = "an FR3" if arm == "fr3" else "a Panda (FER)"
    return (
        f"The robot at {address} speaks version {version} of FCI, as {name} does, and the "
        f"station's limits are those of another arm. Set limits.arm to {arm}."
    )


def named_arm_words(address: str, name: str, arm: ArmName | None) -> str:
    """The same of a robot that tells its name."""
    if arm is None:
        return f"The robot at {address} is called {name!r}, and its limits are not known."
    return (
        f"The robot at {address} is called {name!r}, and the station's limits are those of another "
        f"arm. Set limits.arm to {arm}."
    )


def connection_words(address: str, said: str) -> str:
    """Why there is no robot at an address, from what libfranka says."""
    versions = VERSIONS.search(said)
    if versions:
        return version_words(address, *map(int, versions.groups()))
    if "FCI refused" in said:
        return (
            f"The robot at {address} is there, but takes no commands. Activate FCI in Desk, and "
            "unlock the joints."
        )
    if "imeout" in said or "unreachable" in said.lower() or "No route" in said:
        return (
            f"No robot answers at {address}. See that it is on, that this computer is in its "
            f"network (ping {address}), and that the address is the robot's."
        )
    if re.search(r"clos|reset|interrupt|EOF", said, re.IGNORECASE):
        return (
            f"The robot at {address} ended the connection. It takes one client at a time: end the "
            "other program that controls it."
        )
    return f"The robot at {address} cannot be used: {said or 'it gave no reason'}."


def version_words(address: str, theirs: int, ours: int) -> str:
    """What to install for a robot of another version."""
    said = f"The robot at {address} speaks version {theirs} of FCI, the driver version {ours}."
    system = SYSTEMS.get(theirs)
    if system is None:
        return f"{said} No driver for that is known."
    robot, since, libfranka = system
    return (
        f"{said} That is a {robot} with system version {since} or newer. Install the wheel of "
        f"panda-python that has libfranka {libfranka}, from the releases of panda-py."
    )


def stopped_words(errors: Sequence[str], mode: Mode) -> str:
    """Why a robot does not move, and what to do; empty: it may."""
    if errors:
        reasons = "; ".join(ERRORS.get(name, name.replace("_", " ")) for name in errors)
        return f"The robot stopped by itself ({', '.join(errors)}): {reasons}."
    if mode in MODES:
        return f"The robot cannot be moved now: {MODES[mode]}."
    if mode == Mode.REFLEX:
        return "The robot stopped by itself. See that the way is free, then go on."
    return ""
